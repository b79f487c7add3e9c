#include "store/import_names.h"

#include <string.h>

typedef struct Also {
  const char *entity; /* NULL = every entity */
  const char *field;
  const char *titles; /* small letters, no blanks, comma between */
} Also;

static const Also also[] = {
    {"account", "code",
     "客户编码,客户编号,客户代码,客户号,accountcode,accountid,accountno,customercode,customerid,customerno"},
    {"account", "name",
     "客户名称,客户,公司名称,企业名称,accountname,customername,customer,company,companyname"},
    {"account", "industry", "行业,所属行业,sector"},
    {"account", "region", "区域,大区,省份,地区,province"},
    {"account", "city", "城市"},
    {"account", "address", "地址,详细地址"},
    {"account", "tier", "等级,客户等级,级别"},
    {"account", "status", "状态,客户状态"},
    {"account", "parent", "上级客户,母公司,集团,parentcode,subsidiaryof"},
    {"account", "headcount", "员工数,人数,employees"},
    {"account", "credit_limit", "信用额度"},
    {"account", "credit_days", "账期,账期天数"},
    {"account", "since", "合作日期,开户日期"},
    {"contact", "code", "联系人编码,联系人编号,contactid"},
    {"contact", "name", "姓名,联系人"},
    {"contact", "title", "职务,职位"},
    {"contact", "phone", "电话,手机,手机号"},
    {"contact", "email", "邮箱,电子邮件"},
    {"contact", "department", "部门"},
    {"staff", "code", "工号,员工编号,staffid,employeeid"},
    {"staff", "name", "姓名"},
    {"staff", "manager", "上级"},
    {"staff", "region", "区域,大区"},
    {"staff", "department", "部门"},
    {"partner", "code", "渠道编码,代理商编码,partnerid"},
    {"partner", "name", "渠道名称,代理商名称,代理商"},
    {"product", "code", "产品编码,产品编号,物料编码,物料号,sku,productid,productcode,itemno"},
    {"product", "name", "产品名称,品名,物料名称,productname"},
    {"product", "line", "产品线,产品类别,series"},
    {"product", "unit", "单位,计量单位"},
    {"orders", "order_no", "订单号,订单编号,单号,orderid,orderno,ordernumber,invoiceno,invoice,发票号"},
    {"orders", "line_no", "行号,订单行号,序号,lineno,linenumber"},
    {"orders", "day", "日期,订单日期,下单日期,开票日期,date,orderdate,invoicedate"},
    {"orders", "quantity", "数量,订货数量,qty"},
    {"orders", "revenue", "金额,销售额,销售金额,收入,不含税金额,amount,netamount"},
    {"orders", "cost", "成本,销售成本"},
    {"quote", "code", "报价单号,报价编号,商机编号,quoteno,quoteid,opportunityid"},
    {"quote", "requester", "申请人,销售员,salesagent"},
    {"quote", "status", "状态,阶段,stage,dealstage"},
    {"quote", "requested_on", "申请日期,日期,engagedate"},
    {"quote", "decided", "关闭日期,closedate"},
    {"quote", "net_total", "金额,成交金额,closevalue"},
    {"complaint", "code", "投诉编号,投诉单号"},
    {"visit", "day", "拜访日期,日期,date"},
    {"activity", "day", "日期,date"},
    {"survey", "day", "日期,date"},
    {"survey", "score", "得分,评分,满意度"},
    {NULL, "account",
     "客户编码,客户编号,客户代码,客户号,accountcode,accountid,accountno,customercode,customerid,customerno,"
     "customer"},
    {NULL, "product", "产品编码,产品编号,物料编码,物料号,sku,productid,productcode"},
    {NULL, "staff", "工号,员工编号,客户经理工号,staffid,employeeid"},
};

/* Small letters, without blanks and the signs that stand for them. */
static size_t squeeze(Str s, char *out, size_t cap) {
  size_t n = 0;
  for (size_t i = 0; i < s.n; i++) {
    char c = s.p[i];
    if (c == ' ' || c == '_' || c == '-' || c == '.') continue;
    if (n == cap) return 0;
    out[n++] = c >= 'A' && c <= 'Z' ? (char)(c | 32) : c;
  }
  return n;
}

static bool listed(const char *titles, Str title) {
  Str rest = str_of(titles);
  while (rest.p)
    if (str_eq(str_split(rest, ',', &rest), title)) return true;
  return false;
}

int import_name_fits(const CatEntity *ent, const char *field, Str title) {
  char have[64], want[64];
  size_t n = squeeze(title, have, sizeof have), m = squeeze(str_of(field), want, sizeof want);
  Str plain = {have, n};
  if (!n) return 0;
  if (str_eq(plain, (Str){want, m})) return 2;
  const CatColumn *c = catalog_column(ent, str_of(field));
  if (c && c->also && str_is(title, c->also)) return 1;
  for (size_t i = 0; i < sizeof also / sizeof *also; i++)
    if ((!also[i].entity || !strcmp(also[i].entity, ent->name)) && !strcmp(also[i].field, field) &&
        listed(also[i].titles, plain))
      return 1;
  return 0;
}
