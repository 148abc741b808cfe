// What the examples of the modes do with the network that each has built.
import { connect, LibvirtError, type NetworkDocument, toXML } from 'virtnet';
import { networkTable } from './network-table.js';
import { paintXml } from './terminal.js';

/** Prints the network. With a URI it is defined and started there, listed, and removed again. */
export async function tryOut(document: NetworkDocument, uri: string | undefined): Promise<void> {
  console.log(`${paintXml(toXML(document))}\n`);
  if (uri === undefined) return;
  try {
    await startAndRemove(document, uri);
  } catch (error) {
    if (!(error instanceof LibvirtError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}

async function startAndRemove(document: NetworkDocument, uri: string): Promise<void> {
  await using connection = await connect(uri);
  const network = await connection.networks.define(document);
  try {
    await network.start();
    console.log(await networkTable(await connection.networks.list()));
  } finally {
    if (await network.isActive()) await network.destroy();
    await network.undefine();
  }
}
