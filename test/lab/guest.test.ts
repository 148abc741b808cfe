import { afterAll, beforeAll, expect, it } from 'vitest';
import { GUEST_NEEDS, type Guest, startGuest } from './guest.js';
import { describeWith } from './have.js';
import { HOST_BRIDGE, type Libvirtd, startLibvirtd } from './libvirtd.js';
import { until } from './until.js';

describeWith(GUEST_NEEDS, 'a guest', () => {
  const nic = (model: string) =>
    `<interface type='bridge'><source bridge='${HOST_BRIDGE}'/><model type='${model}'/></interface>`;
  let lab: Libvirtd;
  let guest: Guest;
  beforeAll(async () => {
    lab = await startLibvirtd();
    guest = await startGuest(lab, { name: 'box', agent: true, nics: ['virtio', 'e1000e'].map(nic) });
  });
  afterAll(() => lab?.stop());

  it('runs scripts and says how they ended', async () => {
    expect(await guest.run('echo out; echo err >&2; exit 3')).toEqual({
      stdout: 'out\n',
      stderr: 'err\n',
      code: 3,
    });
    expect(await guest.must('seq 20000 | md5sum')).toBe('e071f707df7bbeee2a6a1eb48011ddd0  -\n');
    expect((await guest.must('seq 20000')).length).toBe(108_894);
    await expect(guest.must('echo why >&2; false')).rejects.toThrow(
      'box: echo why >&2; false ended with 1: why',
    );
  });

  it('ends a script that takes too long', async () => {
    expect(await guest.run('sleep 60', { timeoutMs: 1000 })).toMatchObject({ code: 137 });
    expect(await guest.must('echo again')).toBe('again\n');
  });

  it('answers several who ask at once', async () => {
    const answers = await Promise.all([1, 2, 3].map((n) => guest.must(`echo ${n}`)));
    expect(answers).toEqual(['1\n', '2\n', '3\n']);
  });

  it('has the NICs in their order, up, and reaches who is there', async () => {
    expect(
      await guest.must('for nic in eth0 eth1; do readlink /sys/class/net/$nic/device/driver; done'),
    ).toMatch(/virtio_net\n.*e1000e\n$/);
    await guest.must('ip address add 10.99.0.5/24 dev eth0');
    expect(await guest.reaches('10.99.0.1')).toBe(true);
    expect(await guest.reaches('10.99.0.1', 'eth0')).toBe(true);
    expect(await guest.reaches('10.99.0.77')).toBe(false);
  });

  it('takes a NIC while it runs', async () => {
    await lab.must('virsh', 'attach-interface', 'box', 'bridge', HOST_BRIDGE, '--model', 'virtio');
    await until('the guest has seen it', async () => (await guest.run('ip link show eth2')).code === 0);
  });

  it('has an agent', async () => {
    const answer = await lab.must('virsh', 'domifaddr', 'box', '--source', 'agent');
    expect(answer).toMatch(/eth0 .* 10\.99\.0\.5\/24/);
  });

  it('shuts down when it is asked to, and fails who waits for it then', async () => {
    const waiting = expect(guest.run('sleep 20')).rejects.toThrow('the guest box has ended');
    await lab.must('virsh', 'shutdown', 'box', '--mode', 'acpi');
    await waiting;
    await guest.ended;
    await expect(guest.run('true')).rejects.toThrow('the guest box has ended');
    expect(guest.consoleTail()).toContain('reboot: Power down');
    await guest.destroy();
  });
});
