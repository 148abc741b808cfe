// A whole machine for tests of what the kernel at hand lacks: Debian's kernel on an emulated processor, with this
// machine's root file system, which it can read but not change. It has no network to the outside.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { unpackedKernel } from '../setup/kernel.mjs';
import { qemuWithSriov } from '../setup/newer-qemu.mjs';
import { SYSTEM_VM_INITRAMFS } from '../setup/system-vm.mjs';
import { nics } from './nics.js';

export interface SystemVmOptions {
  /** A shell script; it runs in this process's folder, as root. */
  command: string;
  /** Takes what the command prints. */
  output: Writable;
  /** Variables of the command, besides PATH and HOME. */
  env?: Record<string, string>;
  /** After which the machine is switched off. */
  timeoutMs?: number;
}

const ENTER = fileURLToPath(new URL('enter', import.meta.url));
const TIMEOUT_MS = 40 * 60_000;
/**
 * QEMU's emulated interrupt controller can lose the end of an interrupt while the machine boots (up to 10.0, about one
 * boot in twenty on a busy machine): then no timer ticks any more. Less often it fails an assertion of its own
 * (`iotlb_to_section`), as one processor has a device's registers moved while the other uses them. Such a machine is
 * switched off and on again, before anything was run in it.
 */
const BOOT_MS = 60_000;
const BOOTS = 4;
/** Our own, after BOOT_MS; QEMU's own. */
const BOOT_FAILS = new Set(['SIGKILL', 'SIGABRT']);
/**
 * Less than 2.75 GiB lie below 4 GiB as a whole, and then so do the windows of the devices: QEMU up to 10.0 maps the
 * registers of virtual functions by the lower half of their addresses.
 */
const MEMORY_MIB = 2560;
const PROCESSORS = 2;
const CONSOLE_LINES = 20;
const KERNEL_ARGUMENTS = [
  'console=ttyS0',
  // On an emulated processor a timer for one moment can be lost, and with it all that waits on an idle processor: a
  // clock that ticks by itself, and the processors' own counters for the time.
  'highres=off',
  'nohz=off',
  'tsc=reliable',
  'panic=-1',
  'mitigations=off',
  'nowatchdog',
  'random.trust_cpu=on',
  'intel_iommu=on',
];

/** Boots the machine, runs a command in it, and gives its exit code; rejects when the machine ends before. */
export async function runInSystemVm(options: SystemVmOptions): Promise<number> {
  for (let boot = 1; boot < BOOTS; boot++) {
    const code = await runOnce(options, BOOT_MS);
    if (code !== 'not booted') return code;
  }
  return (await runOnce(options)) as number;
}

async function runOnce(options: SystemVmOptions, bootMs?: number): Promise<number | 'not booted'> {
  const job = mkdtempSync(join(tmpdir(), 'virtnet-vm-'));
  chmodSync(job, 0o755);
  try {
    writeJob(job, options);
    // It ends with this process, and takes the end of its input for the end of its output.
    const qemu = qemuWithSriov();
    const nicArguments = nics({ sriov: qemu !== undefined });
    const command = [...(qemu ?? ['qemu-system-x86_64']), ...machineArguments(job), ...nicArguments.flat()];
    const machine = spawn('setpriv', ['--pdeathsig=KILL', ...command], { stdio: ['pipe', 'pipe', 'pipe'] });
    machine.stdout.pipe(options.output, { end: false });
    const complaints: Buffer[] = [];
    machine.stderr.on('data', (chunk: Buffer) => complaints.push(chunk));
    const timer = setTimeout(() => machine.kill('SIGKILL'), options.timeoutMs ?? TIMEOUT_MS);
    const hasBegun = () => existsSync(join(job, 'begun'));
    const look = bootMs && setTimeout(() => hasBegun() || machine.kill('SIGKILL'), bootMs);
    const [code, signal] = await once(machine, 'close');
    clearTimeout(timer);
    clearTimeout(look);
    if (bootMs !== undefined && BOOT_FAILS.has(signal) && !hasBegun()) return 'not booted';
    const exit = join(job, 'exit');
    if (existsSync(exit)) return Number(readFileSync(exit, 'utf8'));
    const said = [Buffer.concat(complaints).toString(), tail(join(job, 'console'))].join('\n');
    throw new Error(`the system VM ended (${signal ?? code}) before its command:\n${said}`);
  } finally {
    rmSync(job, { recursive: true });
  }
}

/** The variables of this process that programs in the machine should know, too. */
export function passedOn(): Record<string, string> {
  const given = ['CI', 'NO_COLOR'].map((name) => [name, process.env[name]] as const);
  return Object.fromEntries(given.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function writeJob(job: string, { command, env = {} }: SystemVmOptions): void {
  const variables = {
    PATH: `${dirname(process.execPath)}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
    HOME: '/root',
    LC_ALL: 'C.UTF-8',
    VIRTNET_SYSTEM_VM: '1',
    ...env,
    MODULES: unpackedKernel()?.modules ?? '',
    FOLDER: process.cwd(),
  };
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}='${value}'\n`);
  writeFileSync(join(job, 'environment'), lines.join(''));
  writeFileSync(join(job, 'command'), `${command}\n`);
  copyFileSync(ENTER, join(job, 'enter'));
}

function machineArguments(job: string): string[] {
  const image = unpackedKernel()?.image;
  if (image === undefined) throw new Error('there is no kernel for the system VM: npm run setup');
  const shared = 'multidevs=remap,security_model=none';
  return [
    ['-nodefaults', '-no-user-config', '-no-reboot'],
    ['-display', 'none'],
    ['-machine', 'q35'],
    ['-accel', 'tcg,thread=multi,tb-size=1024'],
    ['-cpu', 'max'],
    ['-smp', String(PROCESSORS)],
    ['-m', String(MEMORY_MIB)],
    ['-kernel', image],
    ['-initrd', SYSTEM_VM_INITRAMFS],
    ['-append', KERNEL_ARGUMENTS.join(' ')],
    ['-serial', `file:${join(job, 'console')}`],
    ['-chardev', 'stdio,id=output,signal=off'],
    ['-device', 'virtio-serial-pci'],
    ['-device', 'virtserialport,chardev=output,name=output'],
    ['-virtfs', `local,path=/,mount_tag=machine,readonly=on,${shared}`],
    ['-virtfs', `local,path=${job},mount_tag=job,${shared}`],
  ].flat();
}

function tail(file: string): string {
  if (!existsSync(file)) return '';
  return readFileSync(file, 'utf8').split('\n').slice(-CONSOLE_LINES).join('\n');
}
