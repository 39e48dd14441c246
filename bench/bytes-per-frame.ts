// How many bytes a frame takes in which 1, 10 or 40 rows have changed, beside the fewest that could say the same.
import headless from '@xterm/headless';
import { bundled } from '../test/drive/bundled.ts';
import { fewestBytes, type Screen } from './fewest-bytes.ts';
import { startMeasured } from './measured-program.ts';
import { type Figure, quantile, report } from './report.ts';

const columns = 200;
const rows = 50;
const frames = 60;

const figures: Figure[] = [];
const toolkit = await bundled('toolkit.tsx');
try {
  for (const touched of [1, 10, 40]) figures.push(await measure(touched));
} finally {
  toolkit.remove();
}
report(
  `Bytes per frame, ${columns}×${rows}, median of ${frames} frames; synchronised output takes 16 of them`,
  figures,
);

async function measure(touched: number): Promise<Figure> {
  const env = { CHURN: '10', ITEMS: '200', TOUCHED: String(touched) };
  const program = await startMeasured([toolkit.path], { columns, rows, env });
  await program.until(/item-0001/);
  program.write('1');
  await program.until(/▸ . item-0000/);
  const terminal = new headless.Terminal({ cols: columns, rows, allowProposedApi: true });
  let before: Screen | undefined;
  let frame = '';
  const sizes: number[] = [];
  const fewest: number[] = [];
  await new Promise<void>((resolve) => {
    let whole: NodeJS.Timeout | undefined;
    const look = () => {
      const size = Buffer.byteLength(frame);
      const text = frame;
      frame = '';
      terminal.write(text, () => {
        const after = screenOf(terminal);
        if (before !== undefined) {
          sizes.push(size);
          fewest.push(fewestBytes(before, after));
        }
        before = after;
        if (sizes.length === frames) resolve();
      });
    };
    program.onBytes((text) => {
      frame += text;
      // A frame is whole when nothing has followed for a while; the next one comes a tenth of a second later.
      clearTimeout(whole);
      whole = setTimeout(look, 40);
    });
    program.redraw();
  });
  await program.stop();
  const [reached, least] = [quantile(sizes, 0.5), quantile(fewest, 0.5)];
  return {
    what: `${touched} row${touched === 1 ? '' : 's'}`,
    figure: `${reached} = ${(reached / least).toFixed(2)} ×`,
    limit: `${least} at least`,
    aim: '≤ 1.5 ×',
  };
}

function screenOf(terminal: InstanceType<typeof headless.Terminal>): Screen {
  const { active } = terminal.buffer;
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => {
      const cell = active.getLine(row)?.getCell(column);
      if (cell === undefined) return { text: ' ', style: '' };
      const style = [
        cell.isBold() && 'bold',
        cell.isDim() && 'faint',
        cell.isInverse() && 'inverse',
        cell.isStrikethrough() && 'struck',
        cell.isUnderline() && 'underlined',
        !cell.isFgDefault() && `foreground ${cell.getFgColor()}`,
        !cell.isBgDefault() && `background ${cell.getBgColor()}`,
      ];
      return { text: cell.getWidth() === 0 ? '' : cell.getChars() || ' ', style: style.filter(Boolean).join(' ') };
    }),
  );
}
