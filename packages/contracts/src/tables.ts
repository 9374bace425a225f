/**
 * The canonical tables that importers map columns to: the fields, their types, which must be there, and the
 * words by which real exports call them (lower case, without punctuation; Chinese too).
 */
export type FieldType = 'text' | 'number' | 'date' | 'bool';

export interface Field {
  name: string;
  type: FieldType;
  required: boolean;
  /** Names under which exports carry this field, normalised. */
  known_as: readonly string[];
}

export interface CanonicalTable {
  kind: ImportKind;
  fields: readonly Field[];
}

export const IMPORT_KINDS = [
  'order_lines',
  'customers',
  'products',
  'events',
  'ad_performance',
  'access_log',
] as const;
export type ImportKind = (typeof IMPORT_KINDS)[number];

const field = (name: string, type: FieldType, known_as: string, required = false): Field => ({
  name,
  type,
  required,
  known_as: [name.replaceAll('_', ''), ...known_as.split(' ').filter(Boolean)],
});
const required = (name: string, type: FieldType, known_as: string): Field =>
  field(name, type, known_as, true);

export const CANONICAL_TABLES: Record<Exclude<ImportKind, 'access_log'>, CanonicalTable> = {
  order_lines: {
    kind: 'order_lines',
    fields: [
      required(
        'order_id',
        'text',
        'invoiceno invoice invoicenumber ordernumber orderno orderid transactionid 订单号 订单编号 交易号',
      ),
      required(
        'product_id',
        'text',
        'stockcode sku productcode itemid productsku variantsku 商品编号 商品编码 货号',
      ),
      field(
        'description',
        'text',
        'productname product title itemname lineitemname name 商品名称 商品标题 商品',
      ),
      required('quantity', 'number', 'qty units lineitemquantity amountofitems 数量 件数 购买数量'),
      required('unit_price', 'number', 'price unitcost lineitemprice itemprice 单价 价格 商品单价'),
      field('currency', 'text', 'currencycode 币种 货币'),
      required(
        'at',
        'date',
        'invoicedate orderdate date datetime createdat paidat purchasedate timestamp transactiondate 下单时间 订单时间 付款时间 日期 时间',
      ),
      field(
        'customer_id',
        'text',
        'customer customerid clientid userid buyerid memberid 客户编号 客户id 会员号 买家id 用户id',
      ),
      field('email', 'text', 'customeremail emailaddress mail 邮箱 电子邮件'),
      field('phone', 'text', 'mobile telephone phonenumber 手机 手机号 电话'),
      field('country', 'text', 'countrycode shippingcountry billingcountry nation 国家 地区'),
    ],
  },
  customers: {
    kind: 'customers',
    fields: [
      required(
        'customer_id',
        'text',
        'id customer customerid clientid userid memberid 客户编号 会员号 用户id',
      ),
      field('email', 'text', 'emailaddress mail 邮箱 电子邮件'),
      field('phone', 'text', 'mobile telephone phonenumber 手机 手机号 电话'),
      field('first_name', 'text', 'givenname forename 名'),
      field('last_name', 'text', 'surname familyname 姓'),
      field('name', 'text', 'fullname customername 姓名 客户名称'),
      field('gender', 'text', 'sex 性别'),
      field('age', 'number', '年龄'),
      field('income', 'number', 'annualincome salary householdincome 收入 年收入'),
      field('country', 'text', 'countrycode 国家'),
      field('city', 'text', 'town 城市'),
      field('language', 'text', 'locale lang 语言'),
      field('timezone', 'text', 'tz 时区'),
      field(
        'created_at',
        'date',
        'signupdate registeredat registrationdate joined createdon 注册时间 创建时间',
      ),
      field(
        'email_consent',
        'bool',
        'acceptsmarketing acceptsemailmarketing newsletter subscribed optin marketingconsent 接收邮件 同意营销',
      ),
    ],
  },
  products: {
    kind: 'products',
    fields: [
      required('product_id', 'text', 'id sku stockcode productcode itemid uniqid pid 商品编号 商品编码 货号'),
      required('title', 'text', 'name productname description 商品名称 商品标题'),
      field('category', 'text', 'producttype type productcategorytree department 类目 分类 品类'),
      field('brand', 'text', 'vendor manufacturer 品牌'),
      field('price', 'number', 'unitprice listprice retailprice 价格 售价'),
      field('cost', 'number', 'unitcost costprice 成本 成本价'),
      field('currency', 'text', 'currencycode 币种'),
      field('stock', 'number', 'inventory quantity instock 库存'),
      field('url', 'text', 'link producturl 链接'),
      field('image_url', 'text', 'image imagelink picture 图片'),
      field('at', 'date', 'updatedat modifiedat crawltimestamp crawledat exportedat 更新时间'),
    ],
  },
  events: {
    kind: 'events',
    fields: [
      required('name', 'text', 'event eventname action activity 事件 事件名称 行为'),
      required('at', 'date', 'timestamp time date datetime eventtime occurredat 时间 事件时间'),
      field('user_id', 'text', 'userid customerid customer distinctid 用户id 客户编号'),
      field('anonymous_id', 'text', 'anonymousid visitorid cookieid deviceid 访客id 设备id'),
      field('event_id', 'text', 'messageid id insertid'),
      field('properties', 'text', 'props payload data 属性'),
    ],
  },
  ad_performance: {
    kind: 'ad_performance',
    fields: [
      required('day', 'date', 'date reportingstarts datestart 日期'),
      field('platform', 'text', 'source network channel publisher 平台 渠道'),
      required(
        'campaign',
        'text',
        'campaignname campaignid xyzcampaignid fbcampaignid 计划 广告计划 推广计划',
      ),
      field('ad', 'text', 'adid adname creative 广告 创意'),
      field('audience', 'text', 'adset adsetname adgroup targeting segment 人群 广告组'),
      required('impressions', 'number', 'impr views 展示 展现量 曝光'),
      required('clicks', 'number', 'linkclicks 点击 点击量'),
      required('cost', 'number', 'spend spent amountspent 花费 消耗 费用'),
      field('conversions', 'number', 'totalconversion results purchases approvedconversion 转化 成交'),
      field('value', 'number', 'conversionvalue revenue purchasevalue sales 成交金额 转化金额'),
      field('currency', 'text', 'currencycode 币种'),
    ],
  },
};
