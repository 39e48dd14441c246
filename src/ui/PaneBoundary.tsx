import { Component, type ReactNode } from 'react';
import { EmptyState } from './widgets/EmptyState.tsx';

type Props = Readonly<{ title: string; width: number; height: number; children: ReactNode }>;

/** A pane that throws takes only itself down. React offers this to classes only. */
export class PaneBoundary extends Component<Props, { problem: string | undefined }> {
  override state: { problem: string | undefined } = { problem: undefined };

  static getDerivedStateFromError(error: unknown): { problem: string } {
    return { problem: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    const { problem } = this.state;
    const { title, width, height, children } = this.props;
    if (problem === undefined) return children;
    const inert = problem.replace(/\p{Cc}+/gu, ' ');
    return (
      <EmptyState
        kind="failed"
        text={`${title} cannot be drawn: ${inert}. This is a fault of the program.`}
        hint="esc leaves this pane; the others go on."
        width={width}
        height={height}
      />
    );
  }
}
