// The agent pod's init containers: small shell scripts that say little when they work.
import { type Program, spread } from '../program.ts';
import type { Run } from '../run.ts';

const said: Record<string, readonly string[]> = {
  'iptables-blocker-init': ['no user iptables rules found'],
  'azure-iptables-monitor-init': ['copied azure-block-iptables to /opt/cni/bin'],
  'install-cni-binaries': [
    'Installing cilium-cni to /host/opt/cni/bin/ ...',
    "'/opt/cni/bin/cilium-cni' -> '/host/opt/cni/bin/cilium-cni'",
    'wrote /host/opt/cni/bin/cilium-cni',
  ],
  'mount-cgroup': [
    "'/usr/bin/cilium-mount' -> '/hostbin/cilium-mount'",
    'Mounting cgroup2 filesystem at /run/cilium/cgroupv2',
  ],
  'apply-sysctl-overwrites': [
    "'/usr/bin/cilium-sysctlfix' -> '/hostbin/cilium-sysctlfix'",
    'sysctl config created/updated, triggering systemd-sysctl.service',
    'systemd-sysctl.service restarted',
  ],
  'mount-bpf-fs': ['none on /sys/fs/bpf type bpf (rw,nosuid,nodev,noexec,relatime,mode=700)'],
  'clean-cilium-state': [],
  'block-wireserver': ['-A FORWARD -d 168.63.129.16/32 -p tcp -m tcp --dport 80 -j DROP', 'rule is in place'],
  config: ['time=start level=info msg="Building configuration"', 'Wrote configuration to /tmp/cilium/config-map'],
  'wait-for-node-init': ['Waiting on node-init to run...'],
};

export function initContainerProgram(run: Run): Program {
  const failed = run.ended !== undefined && run.ended.exitCode !== 0;
  const lines = said[run.container] ?? [];
  // A script that failed had not come to say that it was done.
  const told = failed ? lines.slice(0, -1) : lines;
  return {
    opening: (at) =>
      spread(
        at,
        20,
        told.map((line) => () => line),
      ),
    habits: [],
    closing: (_at, words) => words.split('\n').filter((line) => line !== ''),
  };
}
