import type { Snapshot } from '../model/snapshot.ts';
import type { Word } from '../ui/pane.ts';
import { targetsTyped, typedTarget } from './named-pod.ts';

/** `:truth` alone tells what was looked at; `:truth pod NS/NAME`, `:truth node NAME`, `:tree pod NS/NAME`. */
export function truthWords(snapshot: () => Snapshot): readonly Word[] {
  return [
    {
      word: 'truth',
      title: 'is what agents have realised what is intended?',
      args: 'pod NS/NAME | node NAME',
      complete: (typed) => targetsTyped(snapshot(), ['pod', 'node'], typed),
      run(args, frame) {
        if (args.length > 0 && typedTarget(args) === undefined)
          return frame.flash(`"${args.join(' ')}" is neither pod NAMESPACE/NAME nor node NAME`, 'warning');
        frame.go({ pane: 'truth', args });
      },
    },
    {
      word: 'tree',
      title: 'what a pod’s network rests on',
      args: 'pod NS/NAME',
      complete: (typed) => targetsTyped(snapshot(), ['pod'], typed),
      run(args, frame) {
        if (typedTarget(args)?.kind !== 'Pod') return frame.flash('name a pod: :tree pod NAMESPACE/NAME', 'warning');
        frame.go({ pane: 'tree', args });
      },
    },
  ];
}
