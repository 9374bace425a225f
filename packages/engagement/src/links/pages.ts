/** The few words that a recipient reads outside the mail. */
const WORDS = {
  en: {
    ask: 'Do you want no more marketing e-mails from us?',
    button: 'Unsubscribe',
    done: 'You are unsubscribed. We will not write to you again.',
    bad: 'This link is incomplete or no longer valid. Please open it from the e-mail again.',
    later: 'That did not work just now. Please try again in a few minutes.',
  },
  zh: {
    ask: '不想再收到我们的营销邮件了吗？',
    button: '退订',
    done: '您已退订，我们不会再给您发送营销邮件。',
    bad: '链接不完整或已失效，请从邮件中重新打开。',
    later: '暂时无法处理，请过几分钟再试。',
  },
} as const;

export type PageKind = 'ask' | 'done' | 'bad' | 'later';

/** A page in the reader's language, complete in itself. `ask` has the button, which posts to the same address. */
export function pageOf(kind: PageKind, shop: string, acceptLanguage: string): string {
  const lang = prefersChinese(acceptLanguage) ? 'zh' : 'en';
  const words = WORDS[lang];
  const form =
    kind === 'ask' ? `<form method="post"><button type="submit">${words.button}</button></form>` : '';
  return `<!doctype html>
<html lang="${lang === 'zh' ? 'zh-CN' : 'en'}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>${escapeHtml(shop)}</title>
<style>
body { font: 16px/1.6 system-ui, "PingFang SC", "Microsoft YaHei", sans-serif; max-width: 30rem; margin: 15vh auto; padding: 0 1rem; color: #1c2b2d; background: #fff }
button { font: inherit; padding: .5rem 1.25rem; color: #fff; background: #0f5c63; border: 0; border-radius: 6px; cursor: pointer }
</style>
<main><h1>${escapeHtml(shop)}</h1><p>${words[kind]}</p>${form}</main>
</html>`;
}

/** Whether Chinese comes before English in an Accept-Language header. */
function prefersChinese(acceptLanguage: string): boolean {
  const wanted = acceptLanguage
    .split(',')
    .map(part => {
      const [tag = '', quality] = part.trim().split(';q=');
      return { tag: tag.toLowerCase(), quality: Number(quality ?? 1) };
    })
    .sort((a, b) => b.quality - a.quality);
  return wanted.find(({ tag }) => /^(zh|en)\b/.test(tag))?.tag.startsWith('zh') ?? false;
}

export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`);
}
