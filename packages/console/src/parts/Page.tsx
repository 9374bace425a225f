import { useEffect, type ReactNode } from 'react';

interface PageProps {
  title: string;
  /** The computed answer to the page's question; a skeleton line while it is computed. */
  answer?: ReactNode;
  /** What stands beside the title: one to three actions. */
  actions?: ReactNode;
  children: ReactNode;
}

/** One column of content. The title names the page, the sentence answers its question. */
export function Page({ title, answer, actions, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Bellwether`;
  }, [title]);
  return (
    <main className="page" id="content" tabIndex={-1}>
      <header className="page-head">
        <div className="page-line">
          <h1 className="overline">{title}</h1>
          {actions && <div className="actions">{actions}</div>}
        </div>
        {answer !== undefined && <div className="answer">{answer}</div>}
      </header>
      {children}
    </main>
  );
}

interface SectionProps {
  title: string;
  note?: ReactNode;
  aside?: ReactNode;
  children: ReactNode;
  /** Without the surface and the border. */
  plain?: boolean;
}

export function Section({ title, note, aside, children, plain = false }: SectionProps) {
  return (
    <section className={plain ? 'section' : 'section card'} aria-label={title}>
      <div className="section-head">
        <div>
          <h2>{title}</h2>
          {note && <p className="note">{note}</p>}
        </div>
        {aside && <div className="actions">{aside}</div>}
      </div>
      {children}
    </section>
  );
}
