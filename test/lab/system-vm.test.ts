import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { describeWith } from './have.js';
import { SYSTEM_VM_NEEDS } from './system-vm/needs.js';
import { runInSystemVm } from './system-vm/vm.js';
import { until } from './until.js';

/** The QEMUs that this process has started. */
const qemus = (): number[] =>
  readdirSync('/proc/self/task')
    .flatMap((thread) => readFileSync(`/proc/self/task/${thread}/children`, 'ascii').match(/\d+/g) ?? [])
    .map(Number)
    .filter((child) => readFileSync(`/proc/${child}/comm`, 'ascii').startsWith('qemu-system'));

/** Booting may take several attempts. */
const LIMIT_MS = 300_000;

describeWith(SYSTEM_VM_NEEDS, 'the system VM', () => {
  it(
    'runs a command on a kernel that has what tests need, changes nothing here, and gives its exit code',
    async () => {
      const output = new PassThrough();
      const said = text(output);
      const command = `
      set -e
      modprobe -a 8021q bonding dummy openvswitch vfio-pci macvtap sch_sfq
      ip -brief link show eth3
      ls -d /sys/kernel/iommu_groups/1
      echo $GREETING >"/etc/virtnet-vm"
      cat /etc/virtnet-vm
      exit 7`;
      const code = await runInSystemVm({ command, output, env: { GREETING: 'hello' } });
      output.end();
      expect(await said).toMatch(/^eth3 .*\n\/sys\/kernel\/iommu_groups\/1\nhello\n$/);
      expect(code).toBe(7);
      expect(existsSync('/etc/virtnet-vm')).toBe(false);
    },
    LIMIT_MS,
  );

  it(
    'is switched on again when QEMU aborts while it boots',
    async () => {
      const running = runInSystemVm({ command: 'exit 3', output: new PassThrough() });
      await until('QEMU runs', () => qemus().length > 0);
      for (const pid of qemus()) process.kill(pid, 'SIGABRT');
      expect(await running).toBe(3);
    },
    LIMIT_MS,
  );

  it(
    'says what its kernel said when it ends before its command',
    async () => {
      const command = 'echo o >/proc/sysrq-trigger; sleep 30';
      const running = runInSystemVm({ command, output: new PassThrough() });
      await expect(running).rejects.toThrow(/the system VM ended .*before its command.*(sysrq|Power down)/is);
    },
    LIMIT_MS,
  );
});
