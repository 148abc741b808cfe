// Lets vitest load a `.cts` file of lib/ from its source, as Node loads what tsc makes of it.

import { dirname } from 'node:path';
import ts from 'typescript';
import type { Plugin } from 'vitest/config';

const OPTIONS = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };

export const commonjs: Plugin = {
  name: 'commonjs',
  enforce: 'pre',
  transform(source, id) {
    if (!id.endsWith('.cts')) return undefined;
    const script = ts.transpileModule(source, { compilerOptions: OPTIONS }).outputText;
    const code = `
      import { createRequire } from 'node:module';
      const require = createRequire(import.meta.url);
      const module = { exports: {} };
      const __dirname = ${JSON.stringify(dirname(id))};
      ((exports) => {${script}\n})(module.exports);
      export default module.exports;`;
    return { code, map: null, moduleType: 'js' };
  },
};
