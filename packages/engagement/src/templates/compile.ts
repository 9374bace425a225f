import { AppError, sentenceOf } from '@bellwether/contracts';
import { Liquid, type Template } from 'liquidjs';
import type mjml2html from 'mjml';
import type { MessageLinks } from '../links/links.ts';
import { escapeHtml } from '../links/pages.ts';
import { withRecommendations } from './recommendations-block.ts';
import type { MessageProduct } from './recommendations.ts';
import { decode, textOf } from './text.ts';

/** What a template may name. */
export interface TemplateScope {
  customer: {
    id: string;
    name: string;
    email: string;
    country: string;
    city: string;
    language: string;
    orders: number;
  };
  /** Probability of the journey's scenario. */
  score: number | null;
  shop: { name: string; url: string };
  /** What the block of recommendations shows; nothing for the hold-out that is to see nothing. */
  recommended?: readonly MessageProduct[];
  /** `en` or `zh-CN`: the person's language where it is known, else the shop's. */
  locale: string;
}

export interface RenderedMessage {
  subject: string;
  html: string;
  text: string;
}

export interface CompiledTemplate {
  /** Variables that the template names. */
  variables: readonly string[];
  /** Products that its block of recommendations has room for; 0 where it has none. */
  products: number;
  render(scope: TemplateScope, links: MessageLinks): RenderedMessage;
}

/** Templates are written by marketers: no files, no prototypes, bounded time and memory. */
const LIMITS = {
  templates: {},
  ownPropertyOnly: true,
  strictFilters: true,
  parseLimit: 2_000_000,
  renderLimit: 2_000,
  memoryLimit: 10_000_000,
};
const html = new Liquid({ ...LIMITS, outputEscape: 'escape' });
const plain = new Liquid(LIMITS);

// marks an address that is to be counted, until the links of the message are known
const TRACK = 'bw-track:';
const TRACKED = /href="bw-track:([^"]*)"/g;

/** Added where a template has no way to unsubscribe: the law asks for one. */
const FOOTER = `<mj-section><mj-column><mj-text align="center" font-size="12px" color="#5f6b6d">{% if locale == 'zh-CN' %}您收到这封邮件，是因为您同意接收 {{ shop.name }} 的消息。<br/><a href="{{ unsubscribe_url }}">退订</a>{% else %}You receive this because you agreed to hear from {{ shop.name }}.<br/><a href="{{ unsubscribe_url }}">Unsubscribe</a>{% endif %}</mj-text></mj-column></mj-section>`;

/**
 * Makes a template ready to be rendered for many people: MJML to HTML once, the text twin from it, both as Liquid.
 *
 * @throws AppError `template.bad_mjml`, `template.bad_liquid` with the place of the fault
 */
export async function compileTemplate(source: { subject: string; mjml: string }): Promise<CompiledTemplate> {
  const { mjml, products } = withRecommendations(source.mjml);
  const page = await toHtml(withFooter(mjml));
  const body = parse(html, withPixel(withMarkedLinks(page)));
  const text = parse(plain, textOf(page));
  const subject = parse(plain, source.subject);
  return {
    variables: variablesOf([...body, ...subject]),
    products,
    render: (scope, links) => {
      const full = { ...scope, unsubscribe_url: links.unsubscribeUrl, open_url: links.openUrl ?? '' };
      return {
        subject: render(plain, subject, full).replaceAll(/\s+/g, ' ').trim(),
        html: withLinks(render(html, body, full), links),
        text: render(plain, text, full),
      };
    },
  };
}

function withFooter(mjml: string): string {
  if (/\{\{-?\s*unsubscribe_url\b/.test(mjml)) return mjml;
  return mjml.replace(/<\/mj-body>(?![\s\S]*<\/mj-body>)/, `${FOOTER}</mj-body>`);
}

async function toHtml(mjml: string): Promise<string> {
  const { html: page, errors } = await convert(mjml);
  const [first] = errors;
  if (first !== undefined)
    throw new AppError('template.bad_mjml', `line ${first.line}, <${first.tagName}>: ${first.message}`);
  if (!page.includes('</body>')) throw new AppError('template.bad_mjml', 'the template has no <mj-body>');
  return page;
}

async function convert(mjml: string): ReturnType<typeof mjml2html> {
  try {
    // large, and needed by nobody before the first template: loaded then
    const { default: toHtmlOf } = await import('mjml');
    // no fonts: MJML would have the mail fetch them from elsewhere
    return await toHtmlOf(mjml, {
      validationLevel: 'soft',
      fonts: {},
      keepComments: false,
      ignoreIncludes: true,
    });
  } catch (error) {
    throw new AppError('template.bad_mjml', sentenceOf(error), { cause: error });
  }
}

function parse(engine: Liquid, source: string): Template[] {
  return told('template.bad_liquid', () => engine.parse(source));
}

function render(engine: Liquid, template: Template[], scope: object): string {
  return told('template.not_rendered', () => String(engine.renderSync(template, scope)));
}

/** Liquid's sentence, which names the line, under a code of ours. */
function told<T>(code: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw new AppError(code, sentenceOf(error), { cause: error });
  }
}

function withMarkedLinks(page: string): string {
  const ours = /^\s*(?:\{\{-?\s*unsubscribe_url|#|mailto:|tel:)/;
  return page.replaceAll(/(<a\b[^>]*?\bhref=")([^"]*)"/g, (whole, start: string, url: string) =>
    ours.test(url) ? whole : `${start}${TRACK}${url}"`,
  );
}

function withPixel(page: string): string {
  const pixel = '<img src="{{ open_url }}" width="1" height="1" alt="" style="display:block;border:0"/>';
  return page.replace(/<\/body>/, `{% if open_url != '' %}${pixel}{% endif %}</body>`);
}

function withLinks(page: string, links: MessageLinks): string {
  return page.replaceAll(
    TRACKED,
    (_, url: string) => `href="${escapeHtml(links.track(decode(url).trim()))}"`,
  );
}

/** Names from outside, as they are written: `customer.name`. */
function variablesOf(templates: Template[]): string[] {
  const names = told('template.bad_liquid', () => html.globalVariableSegmentsSync(templates));
  return [...new Set(names.map(segments => segments.map(String).join('.')))].filter(
    name => name !== 'open_url',
  );
}
