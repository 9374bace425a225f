import { createLink } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, Ref } from 'react';

interface Props extends AnchorHTMLAttributes<HTMLAnchorElement> {
  main?: boolean;
  ref?: Ref<HTMLAnchorElement>;
}

function Anchor({ main = false, className: _, ...rest }: Props) {
  return <a className={main ? 'button main-button' : 'button'} {...rest} />;
}

/** A link that looks like a button because it is what to do next. */
export const ButtonLink = createLink(Anchor);
