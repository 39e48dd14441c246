import { at, list, record, time } from '../../model/objects/raw.ts';
import { sanitiseLine as text } from '../../model/sanitise.ts';
import { age } from '../../ui/text.ts';
import type { Tone } from '../../ui/theme.ts';
import { type Entry, field, line, type Section, table } from './document.ts';
import { pairs } from './pairs.ts';

export function describePod(pod: unknown, now: number): Section[] {
  const spec = at(pod, 'spec');
  const status = at(pod, 'status');
  return [
    {
      title: 'Pod',
      entries: [
        ...field('Phase', [text(at(status, 'phase')), text(at(status, 'reason'))].filter(Boolean).join(', ')),
        ...field('Message', text(at(status, 'message')), 'warning'),
        ...field('Node', text(at(spec, 'nodeName')) || 'not scheduled'),
        ...field(
          'Address',
          list(at(status, 'podIPs'))
            .map((ip) => text(at(ip, 'ip')))
            .join(', ') || 'none yet',
        ),
        ...field('Host network', at(spec, 'hostNetwork') === true ? 'yes: no policy selects it' : ''),
        ...field('Account', text(at(spec, 'serviceAccountName'))),
        ...field('Priority', text(at(spec, 'priorityClassName'))),
        ...field('Node selector', pairs(at(spec, 'nodeSelector'))),
      ],
    },
    { title: 'Conditions', entries: conditions(at(status, 'conditions'), now) },
    ...containers('Init containers', at(spec, 'initContainers'), at(status, 'initContainerStatuses'), now),
    ...containers('Containers', at(spec, 'containers'), at(status, 'containerStatuses'), now),
    {
      title: 'Tolerations',
      entries: list(at(spec, 'tolerations')).map((toleration) => line(tolerationText(toleration), undefined, 1)),
    },
  ];
}

export function conditions(value: unknown, now: number): Entry[] {
  const rows = list(value).map((condition) => [
    text(at(condition, 'type')),
    text(at(condition, 'status')),
    since(at(condition, 'lastTransitionTime'), now),
    text(at(condition, 'reason')),
    text(at(condition, 'message')),
  ]);
  return table(['TYPE', 'STATUS', 'SINCE', 'REASON', 'MESSAGE'], rows);
}

function since(value: unknown, now: number): string {
  const moment = time(value);
  return moment === 0 ? '' : age(now - moment);
}

function containers(title: string, specs: unknown, statuses: unknown, now: number): Section[] {
  const known = new Map(list(statuses).map((status) => [text(at(status, 'name')), status]));
  const entries = list(specs).flatMap((spec) => container(spec, known.get(text(at(spec, 'name'))), now));
  return entries.length === 0 ? [] : [{ title, entries }];
}

function container(spec: unknown, status: unknown, now: number): Entry[] {
  const state = stateText(at(status, 'state'), now);
  const last = stateText(at(status, 'lastState'), now);
  const ports = list(at(spec, 'ports')).map((port) =>
    [text(at(port, 'containerPort')), text(at(port, 'protocol')), text(at(port, 'name'))].filter(Boolean).join(' '),
  );
  return [
    line(text(at(spec, 'name')), 'strong'),
    ...field('  Image', text(at(spec, 'image'))),
    ...field('  State', state.text || 'not started', state.tone),
    ...field('  Before', last.text, last.tone),
    ...field('  Restarts', text(at(status, 'restartCount')) === '0' ? '' : text(at(status, 'restartCount'))),
    ...field('  Ports', ports.join(', ')),
    ...field('  Requests', pairs(at(spec, 'resources', 'requests'))),
    ...field('  Limits', pairs(at(spec, 'resources', 'limits'))),
  ];
}

function stateText(state: unknown, now: number): { text: string; tone?: Tone } {
  const [name] = Object.keys(record(state));
  const inner = at(state, name ?? '');
  if (name === 'running') return { text: `running for ${since(at(inner, 'startedAt'), now)}`, tone: 'ok' };
  if (name === 'waiting')
    return {
      text: ['waiting', text(at(inner, 'reason')), text(at(inner, 'message'))].filter(Boolean).join(': '),
      tone: 'warning',
    };
  if (name !== 'terminated') return { text: '' };
  const code = text(at(inner, 'exitCode'));
  const words = [
    `ended ${since(at(inner, 'finishedAt'), now)} ago with exit code ${code}`,
    text(at(inner, 'reason')),
    text(at(inner, 'message')).trim(),
  ];
  return { text: words.filter(Boolean).join(': '), tone: code === '0' ? 'dim' : 'error' };
}

function tolerationText(toleration: unknown): string {
  const key = text(at(toleration, 'key')) || 'every taint';
  const value = text(at(toleration, 'value'));
  const effect = text(at(toleration, 'effect'));
  const seconds = text(at(toleration, 'tolerationSeconds'));
  return `${key}${value ? `=${value}` : ''}${effect ? `:${effect}` : ''}${seconds ? ` for ${seconds}s` : ''}`;
}
