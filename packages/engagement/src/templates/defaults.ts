import type { Template } from '@bellwether/contracts';

const UPDATED = '2026-11-01T00:00:00.000Z';

interface Copy {
  hello: string;
  thought: string;
  offer: string;
  button: string;
  closing: string;
  /** Whether products stand in it. */
  picks?: boolean;
}

const page = ({ hello, thought, offer, button, closing, picks = false }: Copy): string => `<mjml>
  <mj-head>
    <mj-preview>${thought}</mj-preview>
    <mj-attributes>
      <mj-all font-family="system-ui, 'PingFang SC', 'Microsoft YaHei', Helvetica, Arial, sans-serif" />
      <mj-text font-size="16px" line-height="1.6" color="#1c2b2d" />
      <mj-button background-color="#0f5c63" color="#ffffff" border-radius="6px" font-size="16px" inner-padding="12px 28px" />
    </mj-attributes>
  </mj-head>
  <mj-body background-color="#f4f6f6">
    <mj-section padding="32px 0 0">
      <mj-column>
        <mj-text align="center" font-size="20px" font-weight="600">{{ shop.name }}</mj-text>
      </mj-column>
    </mj-section>
    <mj-section background-color="#ffffff" border-radius="8px" padding="24px 16px">
      <mj-column>
        <mj-text font-size="22px" font-weight="600">${hello}</mj-text>
        <mj-text>${thought}</mj-text>
        <mj-text>${offer}</mj-text>${picks ? '\n        <mj-text>{{ recommendations }}</mj-text>' : ''}
        {% if shop.url != '' %}<mj-button href="{{ shop.url }}">${button}</mj-button>{% endif %}
        <mj-text>${closing}</mj-text>
      </mj-column>
    </mj-section>
  </mj-body>
</mjml>
`;

/** Templates that are there from the start; saving one under its id replaces it. */
export const DEFAULT_TEMPLATES: readonly Template[] = [
  {
    id: 'thought-of-you-en',
    name: 'We thought you might like… (English)',
    subject: '{{ customer.name | default: "Hello" }}, we thought you might like these',
    updated_at: UPDATED,
    mjml: page({
      hello: 'Hello{% if customer.name != "" %} {{ customer.name }}{% endif %},',
      thought: 'It is about time for something new, we thought, and put aside a few things you might like.',
      offer:
        '{% if customer.orders > 1 %}Thank you for the {{ customer.orders }} orders you have placed with us.{% else %}Thank you for shopping with us.{% endif %} Have a look; there is no hurry.',
      button: 'See what we picked',
      closing: 'Warm regards,<br/>{{ shop.name }}',
    }),
  },
  {
    id: 'thought-of-you-zh',
    name: '猜您会喜欢…（中文）',
    subject: '{{ customer.name | default: "您好" }}，我们猜您会喜欢这些',
    updated_at: UPDATED,
    mjml: page({
      hello: '{% if customer.name != "" %}{{ customer.name }}，{% endif %}您好：',
      thought: '又到了添置新东西的时候，我们为您留意了几样，猜您会喜欢。',
      offer:
        '{% if customer.orders > 1 %}感谢您此前的 {{ customer.orders }} 次惠顾。{% else %}感谢您的惠顾。{% endif %}欢迎随时看看。',
      button: '看看为您挑选的',
      closing: '祝好<br/>{{ shop.name }}',
    }),
  },
  {
    id: 'picked-for-you-en',
    name: 'Picked for you, with products (English)',
    subject: '{{ customer.name | default: "Hello" }}, picked for you',
    updated_at: UPDATED,
    mjml: page({
      hello: 'Hello{% if customer.name != "" %} {{ customer.name }}{% endif %},',
      thought: 'We looked at what goes well with what you have.',
      offer: 'These might be something for you:',
      button: 'See more in the shop',
      closing: 'Warm regards,<br/>{{ shop.name }}',
      picks: true,
    }),
  },
  {
    id: 'picked-for-you-zh',
    name: '为您挑选的商品（中文）',
    subject: '{{ customer.name | default: "您好" }}，为您挑选了几样',
    updated_at: UPDATED,
    mjml: page({
      hello: '{% if customer.name != "" %}{{ customer.name }}，{% endif %}您好：',
      thought: '我们看了看哪些商品与您已有的相配。',
      offer: '这几样也许适合您：',
      button: '到店里看看更多',
      closing: '祝好<br/>{{ shop.name }}',
      picks: true,
    }),
  },
];
