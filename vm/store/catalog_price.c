#include "store/catalog_price.h"

#include "store/quotes.h"
#include "store/schema_grant.h"

/* A quote without lines about one product is one of it, at the list price of its day. */
#define LIST_TOTAL                                                                                              \
  "coalesce(list_total, (SELECT p.unit_price FROM price p WHERE p.product = quote.product AND "                  \
  PRICE_HOLDS("p", GRANT_DAY("quote")) " AND p.region IS NULL ORDER BY p.from_day DESC, p.id DESC LIMIT 1))"

/* What is read by a figure that the database works out, as `reads` names it. */
#define READS_LINES "quote_line.product quote_line.qty quote_line.list_price quote_line.net_price"
#define READS_TERMS "quote.bundle quote.rebate"
#define READS_COSTS "quote_line.product quote_line.unit_cost quote_line.cost_day cost.unit_cost cost.from_day"
#define READS_POCKET READS_LINES " " READS_TERMS " quote.freight quote.payment_days quote_line.freight " READS_COSTS                       \
  " agreement.discount agreement.rebate agreement.payment_days volume.discount volume.min_qty"
#define READS_FLOOR READS_LINES " " READS_TERMS " quote.freight quote.payment_days quote.requested_on quote_line.freight " READS_COSTS " agreement.rebate"
#define READS_GRANT READS_LINES " " READS_TERMS " quote.reason account.region account.tier price.unit_price"

/* Rows that a judgement of the quote may have read, by table and number: those in force on its day, when they came later as well. */
#define ON_ITS_DAY(row) PRICE_HOLDS(row, GRANT_DAY("quote"))
#define OF_ITS_LINES(row) row ".product IN (SELECT l.product FROM quote_line l WHERE l.quote = quote.id)"
#define READ_ROWS                                                                                                     \
  "(SELECT 'quote' AS tbl, quote.id AS row UNION ALL SELECT 'account', quote.account UNION ALL"                         \
  " SELECT 'quote_line', l.id FROM quote_line l WHERE l.quote = quote.id UNION ALL"                                    \
  " SELECT 'cost', x.id FROM cost x WHERE " OF_ITS_LINES("x") " AND " ON_ITS_DAY("x") " UNION ALL"                      \
  " SELECT 'price', x.id FROM price x WHERE " OF_ITS_LINES("x") " AND " ON_ITS_DAY("x") " UNION ALL"                    \
  " SELECT 'volume', x.id FROM volume x WHERE (x.product IS NULL OR " OF_ITS_LINES("x") ") AND " ON_ITS_DAY("x") " UNION ALL" \
  " SELECT 'agreement', x.id FROM agreement x WHERE x.account = quote.account AND " ON_ITS_DAY("x") ")"
#define JUDGED_BY                                                                                                     \
  "(SELECT max(h.run) FROM history h JOIN field f ON f.id = h.field WHERE f.entity = 'quote' AND f.name = 'verdict' AND h.row = quote.id)"
#define RELIED_ON(what) "instr(' ' || quote.relies_on || ' ', ' ' || " what ") > 0"
#define CHANGED_SINCE                                                                                                 \
  "CASE WHEN quote.relies_on IS NOT NULL THEN (SELECT group_concat(name, ', ') FROM (SELECT w.tbl || '.' || j.key AS name FROM " READ_ROWS \
  " w JOIN change c ON c.tbl = w.tbl AND c.row = w.row AND c.run > " JUDGED_BY ", json_each(c.now) j WHERE c.op IN ('I', 'U') AND "      \
  RELIED_ON("w.tbl || '.' || j.key || ' '") " AND NOT (w.tbl = 'quote' AND j.key IN ('status', 'decided', 'verdict', 'expires',"       \
  " '审批人', 'relies_on', 'approver')) UNION SELECT 'new ' || w.tbl FROM " READ_ROWS " w JOIN added x ON x.tbl = w.tbl AND w.row"       \
  " BETWEEN x.first AND x.last AND x.run > " JUDGED_BY " WHERE w.tbl NOT IN ('quote', 'account') AND " RELIED_ON("w.tbl || '.'")         \
  " ORDER BY 1)) END"

const char *const waterfall_reads = READS_POCKET;

const CatColumn price_col[] = {
  {.name = "product", .type = COL_REF, .ref = "product", .flags = CAT_REQUIRED | CAT_INDEX, .back = "prices",
   .about = "product"},
  {.name = "unit_price", .type = COL_MONEY, .flags = CAT_REQUIRED, .about = "list price without VAT"},
  {.name = "region", .about = "only there; empty = everywhere"},
  FROM_DAY,
  TO_DAY,
  CURRENCY,
};

const CatColumn cost_col[] = {
  {.name = "product", .type = COL_REF, .ref = "product", .flags = CAT_REQUIRED | CAT_INDEX, .back = "costs",
   .about = "product"},
  {.name = "unit_cost", .type = COL_MONEY, .flags = CAT_REQUIRED, .about = "cost of one unit without VAT"},
  FROM_DAY,
  TO_DAY,
  CURRENCY,
};

const CatColumn agreement_col[] = {
  {.name = "code", .flags = CAT_KEY | CAT_REQUIRED, .about = "agreement number"},
  ACCOUNT("agreements"),
  {.name = "kind", .about = "framework, service, price …"},
  {.name = "discount", .type = COL_PERCENT, .about = "agreed discount"},
  {.name = "terms", .about = "in words"},
  FROM_DAY,
  TO_DAY,
  {.name = "product_line", .since = 6, .about = "only for this product line; empty = all"},
  {.name = "rebate", .type = COL_PERCENT, .since = 6, .about = "paid back at the end of the year"},
  {.name = "payment_days", .type = COL_INT, .since = 6, .about = "days it has to pay"},
};

const CatColumn quote_col[] = {
    {.name = "code", .flags = CAT_KEY | CAT_REQUIRED, .about = "quote number"},
    {.name = "account",
     .type = COL_REF,
     .ref = "account",
     .flags = CAT_INDEX,
     .back = "quotes",
     .about = "the customer; empty while a prospect is none yet"},
    {.name = "requester",
     .type = COL_REF,
     .ref = "staff",
     .flags = CAT_INDEX,
     .back = "quotes",
     .about = "who asks"},
    {.name = "product", .type = COL_REF, .ref = "product", .about = "when it is about one product"},
    {.name = "status",
     .values = "prospecting, engaging, requested, judged, approved, granted, refused, withdrawn, expired, won, lost, "
               "past",
     .about = "where it stands; past = closed elsewhere, recorded as history"},
    {.name = "requested_on", .type = COL_DATE, .flags = CAT_DAY, .about = "asked for on"},
    {.name = "decided", .type = COL_DATE, .about = "granted, refused, won or lost on"},
    {.name = "reason", .about = "why a concession is asked: retention, competitor …"},
    {.name = "list_total", .type = COL_MONEY, .about = "at list price"},
    {.name = "net_total", .type = COL_MONEY, .about = "as asked or closed"},
    {.name = "given_away",
     .type = COL_MONEY,
     .sql = "coalesce((SELECT " PRICE_AMOUNT("coalesce(sum(l.list_price * l.qty), 0) - coalesce(sum(l.net_price * l.qty), 0) + " GRANT_BESIDE("quote", "sum(l.net_price * l.qty)"))
            " FROM quote_line l WHERE l.quote = quote.id HAVING count(*) > 0 AND count(l.list_price * l.qty) = count(*)"
            " AND count(l.net_price * l.qty) = count(*)), " LIST_TOTAL " - net_total)",
     .figure = QUOTE_GIVEN_AWAY, .reads = READS_LINES " " READS_TERMS, .about = "list less what is asked, of its lines, with bundle and rebate; without lines, of the totals"},
    {.name = "text", .about = "in words"},
    CURRENCY,
    {.name = "verdict", .values = "ranked: grant, escalate, offer-first, refuse", .since = 6, .flags = CAT_HISTORY,
     .about = "what the judgement came to"},
    {.name = "审批人", .also = "approval_level", .values = "ranked: 总部, 省, 地市, 客户经理, 拒绝", .since = 6,
     .flags = CAT_HISTORY, .about = "the level that may approve it"},
    {.name = "expires", .type = COL_DATE, .since = 6, .flags = CAT_HISTORY, .about = "an approval lapses on this day"},
    {.name = "approver", .type = COL_REF, .ref = "staff", .since = 6, .flags = CAT_INDEX, .back = "approved",
     .about = "who approved it"},
    {.name = "bundle", .type = COL_MONEY, .since = 6, .about = "discount on the whole of it, spread over the lines"},
    {.name = "rebate", .type = COL_PERCENT, .since = 6, .about = "paid back at the end of the year"},
    {.name = "freight", .type = COL_MONEY, .since = 6, .about = "freight of the whole of it, borne by us"},
    {.name = "payment_days", .type = COL_INT, .since = 6, .about = "days it has to pay"},
    {.name = "exception", .since = 6, .about = "code of the exception asked for"},
    {.name = "exception_by", .type = COL_REF, .ref = "staff", .since = 6, .flags = CAT_INDEX, .back = "exceptions",
     .about = "who allowed the exception"},
    {.name = "exception_evidence", .since = 6, .about = "what it rests on"},
    {.name = "exception_until", .type = COL_DATE, .since = 6, .about = "the exception holds until before this day"},
    {.name = "list_value", .type = COL_MONEY,
     .sql = "coalesce((SELECT CASE WHEN count(l.list_price * l.qty) = count(*) THEN"
            " " PRICE_AMOUNT("sum(l.list_price * l.qty)") " END FROM quote_line l WHERE l.quote = quote.id"
            " HAVING count(*) > 0), " LIST_TOTAL ")",
     .figure = QUOTE_LIST_VALUE, .reads = "quote_line.qty quote_line.list_price", .about = "at list price, of its lines; without lines, as given, or of its product"},
    {.name = "worst_product",
     .sql = "(SELECT coalesce(p.name, p.code, 'line ' || l.line_no, 'a line') FROM quote_line l LEFT JOIN product p"
            " ON p.id = l.product WHERE l.quote = quote.id ORDER BY l.net_price - l.unit_cost, l.id LIMIT 1)",
     .figure = QUOTE_WORST_PRODUCT, .about = "of the line with the least left above its cost"},
    {.name = "stalest_product",
     .sql = "(SELECT coalesce(p.name, p.code, 'line ' || l.line_no, 'a line') FROM quote_line l LEFT JOIN product p"
            " ON p.id = l.product WHERE l.quote = quote.id ORDER BY " PRICE_COST_DAY("l", "?1") ", l.id LIMIT 1)",
     .figure = QUOTE_STALEST_PRODUCT, .about = "of the line whose cost is oldest"},
    {.name = "floor_breach", .sql = PRICE_BREACH("quote", "?1"), .figure = QUOTE_BREACH, .reads = READS_FLOOR, .about = "what keeps it from being granted, whoever asks"},
    {.name = "valid_exception", .type = COL_BOOL,
     .sql = "CASE WHEN exception IS NULL THEN 0 ELSE exception <> '' AND exception_by IS NOT NULL AND"
            " length(coalesce(exception_evidence, '')) > 0 AND coalesce(exception_until > ?1, 0) END",
     .reads = "quote.exception quote.exception_by quote.exception_evidence quote.exception_until", .about = "it has an exception with who allowed it, evidence, and not run out"},
    {.name = "freight_paid", .type = COL_BOOL, .sql = PRICE_FREIGHT_PAID,
     .about = "freight that is not recorded is paid by the customer (setting freight)"},
    {.name = "in_return", .since = 8, .about = "what the customer gives for it: volume, prepayment, a reference …"},
    {.name = "relies_on", .since = 8, .about = "the fields its judgement read"},
    {.name = "covered_by",
     .sql = "(SELECT " GRANT_NAME("r") " FROM (SELECT " GRANT_LEVEL_OPEN("quote", "?1") " AS r))",
     .figure = QUOTE_COVERED_BY,
     .values = "ranked: 总部, 省, 地市, 客户经理",
     .reads = READS_GRANT, .about = "the lowest level whose rows of authority cover it today, with what the account was granted lately"},
    {.name = "own_authority", .type = COL_BOOL,
     .sql = "coalesce(" GRANT_OF("quote", "requester", "?1") " <= " GRANT_LEVEL_OPEN("quote", "?1") ", 0)",
     .figure = QUOTE_OWN_AUTHORITY,
     .reads = READS_GRANT " quote.requester", .about = "who asks may grant it by the rows of authority"},
    {.name = "waits_for",
     .sql = "(SELECT group_concat(coalesce(g.level, '') || coalesce(g.department, ''), ' + ') FROM signature g WHERE"
            " g.quote = quote.id AND g.answer IS NULL AND g.step = (SELECT min(x.step) FROM signature x WHERE"
            " x.quote = quote.id AND x.answer IS NULL))",
     .about = "whose signatures the step at hand waits for"},
    {.name = "changed_since", .sql = CHANGED_SINCE, .about = "what its judgement read that a run has changed since, or that came later for its day"},
};

const CatColumn quote_line_col[] = {
  {.name = "quote", .type = COL_REF, .ref = "quote", .flags = CAT_REQUIRED | CAT_INDEX, .back = "lines",
   .about = "the quote it is in"},
  {.name = "line_no", .type = COL_INT, .about = "number of the line"},
  {.name = "product", .type = COL_REF, .ref = "product", .about = "product"},
  {.name = "qty", .type = COL_NUM, .about = "how many"},
  {.name = "list_price", .type = COL_MONEY, .about = "list price of one"},
  {.name = "net_price", .type = COL_MONEY, .about = "price asked for one"},
  {.name = "unit_cost", .type = COL_MONEY, .about = "cost of one"},
  {.name = "freight", .type = COL_MONEY, .about = "freight of the line"},
  CURRENCY,
  {.name = "cost_day", .type = COL_DATE, .since = 6, .about = "the day its unit cost is of; empty = as in the costs"},
  {.name = "cost_age", .type = COL_DAYS,
   .sql = "CASE WHEN unit_cost > 0 THEN julianday(?1) - julianday(" PRICE_COST_DAY("quote_line", "?1") ") END",
   .figure = LINE_COST_AGE, .reads = READS_COSTS, .about = "days since the day its unit cost is of; unknown without a cost"},
  {.name = "list_now", .type = COL_MONEY,
   .sql = "(SELECT p.unit_price FROM price p LEFT JOIN quote q ON q.id = quote_line.quote LEFT JOIN account a ON"
          " a.id = q.account WHERE p.product = quote_line.product AND " PRICE_HOLDS("p", "?1")
          " AND (p.region IS NULL OR p.region = a.region) ORDER BY p.region IS NULL, p.from_day DESC, p.id DESC LIMIT 1)",
   .reads = "quote_line.product price.unit_price", .about = "list price in force"},
  {.name = "cost_now", .type = COL_MONEY, .sql = PRICE_COST("quote_line", "?1"), .reads = READS_COSTS, .about = "unit cost in force"},
};

const CatColumn authority_col[] = {
  {.name = "level", .also = "审批人", .values = "ranked: 总部, 省, 地市, 客户经理", .flags = CAT_REQUIRED,
   .about = "the level that may"},
  {.name = "region", .also = "区域", .about = "only there; commas between, empty = everywhere"},
  {.name = "tier", .also = "客户级别", .about = "only for accounts of these tiers; commas between, empty = all"},
  {.name = "product_line", .also = "产品线", .about = "only these product lines; commas between, empty = all"},
  {.name = "reason", .about = "only for requests with this reason (retention …); empty = any"},
  {.name = "max_deal", .type = COL_MONEY, .also = "成交额", .about = "only below this amount at list price; empty = any"},
  {.name = "max_percent", .type = COL_PERCENT, .also = "优惠深度", .flags = CAT_REQUIRED, .about = "up to this part given away"},
  {.name = "max_amount", .type = COL_MONEY, .also = "让利额", .about = "up to this amount given away; empty = any"},
  FROM_DAY,
  TO_DAY,
  {.name = "text", .also = "依据", .about = "what it rests on"},
};

const CatColumn signature_col[] = {
  {.name = "quote", .type = COL_REF, .ref = "quote", .flags = CAT_REQUIRED | CAT_INDEX, .back = "signatures",
   .about = "what is to be signed"},
  {.name = "step", .type = COL_INT, .flags = CAT_REQUIRED, .about = "in this order; one step's are signed in any"},
  {.name = "level", .values = "ranked: 总部, 省, 地市, 客户经理", .about = "of this level or above"},
  {.name = "department", .about = "of this department"},
  {.name = "asked", .type = COL_DATE, .flags = CAT_DAY | CAT_AHEAD, .about = "asked for on"},
  {.name = "staff", .type = COL_REF, .ref = "staff", .flags = CAT_INDEX, .back = "signatures", .about = "who signed"},
  {.name = "signed", .type = COL_DATE, .about = "signed on"},
  {.name = "answer", .values = "yes, no, void", .about = "void = a newer judgement asks anew; empty = waits"},
  {.name = "figures", .type = COL_MONEY, .about = "the net amount that was signed"},
  {.name = "text", .about = "in words"},
};

const CatColumn volume_col[] = {
  {.name = "product", .type = COL_REF, .ref = "product", .flags = CAT_INDEX, .back = "volumes",
   .about = "only for this product; empty = all of the line"},
  {.name = "product_line", .about = "only for this product line; empty = all"},
  {.name = "min_qty", .type = COL_NUM, .flags = CAT_REQUIRED, .about = "from this quantity on a line"},
  {.name = "discount", .type = COL_PERCENT, .flags = CAT_REQUIRED, .about = "off the price"},
  FROM_DAY,
  TO_DAY,
};

const CatColumn delegation_col[] = {
  {.name = "staff", .type = COL_REF, .ref = "staff", .flags = CAT_REQUIRED | CAT_INDEX, .back = "delegations",
   .about = "whose authority"},
  {.name = "deputy", .type = COL_REF, .ref = "staff", .flags = CAT_REQUIRED | CAT_INDEX, .back = "deputises",
   .about = "who acts in their place"},
  FROM_DAY,
  TO_DAY,
};
