// Finds and loads the compiled addon: a prebuilt one of the package, or the one built here. A CommonJS
// file, because addons are required, and so that it knows its own folder in both kinds of module.
import fs = require('node:fs');
import path = require('node:path');

const nodeGypBuild = require('node-gyp-build') as (folder: string) => unknown;

function packageFolder(from: string): string {
  const parent = path.dirname(from);
  if (fs.existsSync(path.join(from, 'binding.gyp')) || parent === from) return from;
  return packageFolder(parent);
}

function load(): unknown {
  return nodeGypBuild(packageFolder(__dirname));
}

export = load;
