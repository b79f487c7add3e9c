#include "company.h"

void csv_contact(Csv *f, const Company *c, int account, int contact) {
  char prefix[16];
  if (contact == NOBODY) {
    csv_empty(f);
    return;
  }
  snprintf(prefix, sizeof prefix, "C%0*d-", c->width, account + 1);
  csv_code(f, prefix, contact + 1, 1);
}

/* The chart of one customer: who they are, by position in it. */
typedef struct Post {
  const char *title, *department, *role;
  int superior, influence;
} Post;
static const Post post[CONTACTS_MAX] = {
  {"总经理", "总经办", "decider", NOBODY, 5},   {"采购总监", "采购部", "buyer", 0, 3},
  {"技术总监", "技术部", "influencer", 0, 4},   {"采购专员", "采购部", "user", 1, 1},
  {"设备主管", "生产部", "user", 2, 2},         {"财务总监", "财务部", "decider", 0, 4},
  {"前台秘书", "总经办", "gatekeeper", 0, 1},   {"工艺工程师", "技术部", "user", 2, 2},
  {"质量经理", "质量部", "influencer", 2, 3},
};

static void write_contact(Csv *f, const Company *c, int account, int k) {
  static const char *const attitude[] = {"sponsor", "supporter", "neutral", "sceptic", "opponent"};
  static const int liked[] = {8, 30, 45, 12, 5}, disliked[] = {2, 12, 40, 30, 16};
  const Account *a = &c->account[account];
  Rng r = company_rng(c, OF_NAME, (uint64_t)account * CONTACTS_MAX + (uint64_t)k);
  const Post *p = &post[k];
  char text[NAME_SIZE];
  bool leaving = a->course == FADING || a->course == LOST;
  csv_contact(f, c, account, k);
  csv_account(f, c, account);
  name_person(text, &r);
  csv_text(f, text);
  csv_text(f, p->title);
  /* 12x is no prefix of Chinese mobile numbers: nobody's telephone rings. */
  snprintf(text, sizeof text, "+8612%09d", rng_below(&r, 1000000000));
  csv_text(f, text);
  snprintf(text, sizeof text, "c%0*d.%d@example.com", c->width, account + 1, k + 1);
  csv_text(f, rng_chance(&r, 0.8) ? text : NULL);
  csv_text(f, p->department);
  csv_text(f, p->role);
  csv_int(f, p->influence);
  csv_text(f, rng_chance(&r, 0.9) ? attitude[rng_pick(&r, leaving ? disliked : liked, 5)] : NULL);
  csv_day(f, a->met[k]);
  csv_contact(f, c, account, p->superior == NOBODY || p->superior >= a->contacts ? NOBODY : p->superior);
  csv_contact(f, c, account, p->influence >= 3 && k > 0 ? 0 : NOBODY);
  csv_bool(f, k == 0 || rng_chance(&r, 0.95));
  csv_end(f);
}

void write_contacts(const Company *c) {
  Csv *f = csv_open(c->o.out, "contacts",
                    "code,account,name,title,phone,email,department,decision_role,influence,attitude,met,"
                    "reports_to,influences,active");
  for (int i = 0; i < c->o.accounts; i++)
    for (int k = 0; k < c->account[i].contacts; k++) write_contact(f, c, i, k);
  csv_close(f);
}

static int rating(double mean, Rng *r) {
  double x = mean + 0.9 * rng_normal(r);
  return x < 0 ? 0 : x > 5 ? 5 : (int)(x + 0.5);
}

static void write_trust(const Company *c) {
  static const char *const kind[] = {"occupational", "professional", "relational", "benefit"};
  static const char *const evidence[] = {"按时到场", "方案通过评审", "邀请参加年会", "节约成本已确认"};
  Csv *f = csv_open(c->o.out, "trust", "account,contact,kind,rating,day,evidence");
  for (int i = 0; i < c->o.accounts; i++) {
    const Account *a = &c->account[i];
    Rng r = company_rng(c, OF_TRUST, (uint64_t)i);
    for (int year = 0; year < c->o.years && a->tier <= TIER_B && a->contacts > 0; year++) {
      Day day = company_some_day(c, a, &r);
      for (int k = 0; k < 4 && rng_chance(&r, 0.95); k++) {
        csv_account(f, c, i);
        csv_contact(f, c, i, 0);
        csv_text(f, kind[k]);
        csv_int(f, rating(a->course == FADING || a->course == LOST ? 2.4 : 3.4, &r));
        csv_day(f, day);
        csv_text(f, rng_chance(&r, 0.6) ? evidence[k] : NULL);
        csv_end(f);
      }
    }
  }
  csv_close(f);
}

static void write_needs(const Company *c) {
  static const char *const state[] = {"blind", "pain", "sweet"};
  static const char *const text[] = {"减少停机", "降低库存", "满足新国标", "缩短交期", "统一备件"};
  static const char *const wish[] = {"希望升职", "想去总部参观", "关心孩子升学"};
  Csv *f = csv_open(c->o.out, "needs", "account,contact,scope,state,product_line,opened,closed,expires,text");
  for (int i = 0; i < c->o.accounts; i++) {
    const Account *a = &c->account[i];
    Rng r = company_rng(c, OF_NEED, (uint64_t)i);
    int n = a->tier <= TIER_B ? rng_int(&r, 1, 4) : a->tier == TIER_C ? rng_below(&r, 3) : 0;
    for (int k = 0; k < n && a->contacts > 0; k++) {
      bool personal = a->tier == TIER_A && rng_chance(&r, 0.2);
      int how = rng_below(&r, 3);
      Day opened = company_some_day(c, a, &r);
      csv_account(f, c, i);
      csv_contact(f, c, i, rng_below(&r, a->contacts));
      csv_text(f, personal ? "personal" : "organisation");
      csv_text(f, state[how]);
      csv_text(f, personal ? NULL : line_table[rng_below(&r, LINES)].name);
      csv_day(f, opened);
      csv_day(f, how == 2 && opened + 90 <= c->o.until ? opened + 90 : DAY_NONE);
      csv_day(f, personal ? opened + 365 : DAY_NONE);
      csv_text(f, personal ? wish[rng_below(&r, 3)] : text[rng_below(&r, 5)]);
      csv_end(f);
    }
  }
  csv_close(f);
}

static void write_requirements(const Company *c) {
  static const char *const kind[] = {"product", "order form", "quality check", "supply"};
  static const char *const text[] = {"加一档量程", "订单按项目编号", "每批附检测报告", "备库两周用量"};
  Csv *f = csv_open(c->o.out, "requirements", "account,kind,raised,accepted,shipped,status,text");
  for (int i = 0; i < c->o.accounts; i++) {
    const Account *a = &c->account[i];
    Rng r = company_rng(c, OF_NEED, (uint64_t)i | ((uint64_t)1 << 40));
    int n = a->tier == TIER_A ? rng_below(&r, 4) : a->tier == TIER_B ? rng_below(&r, 2) : 0;
    for (int k = 0; k < n; k++) {
      Day raised = company_some_day(c, a, &r), accepted = raised + rng_int(&r, 5, 40), shipped = accepted + 60;
      bool refused = rng_chance(&r, 0.2);
      int what = rng_below(&r, 4);
      if (refused || accepted > c->o.until) accepted = DAY_NONE;
      if (accepted == DAY_NONE || shipped > c->o.until) shipped = DAY_NONE;
      csv_account(f, c, i);
      csv_text(f, kind[what]);
      csv_day(f, raised);
      csv_day(f, accepted);
      csv_day(f, shipped);
      csv_text(f, refused ? "refused" : shipped != DAY_NONE ? "shipped" : accepted != DAY_NONE ? "accepted" : "raised");
      csv_text(f, text[what]);
      csv_end(f);
    }
  }
  csv_close(f);
}

static void write_plan_items(const Company *c) {
  static const char *const objective[] = {"份额提高到一半", "签三年框架协议", "进入新厂区"};
  static const char *const measure[] = {"采购额占比;对方停机时间", "协议签订;对方采购成本", "首单;对方投产日期"};
  static const char *const obstacle[] = {"竞品价格", "决策人未见过", "预算未批"};
  static const char *const action[] = {"总监拜访总经理", "安排样板厂参观", "提供备件寄售"};
  Csv *f = csv_open(c->o.out, "plan_items", "account,objective,measure,obstacle,action,owner,due,status");
  for (int i = 0; i < c->o.accounts; i++) {
    const Account *a = &c->account[i];
    Rng r = company_rng(c, OF_NEED, (uint64_t)i | ((uint64_t)1 << 41));
    int n = a->tier == TIER_A ? rng_int(&r, 1, 3) : 0;
    for (int k = 0; k < n; k++) {
      int what = rng_below(&r, 3);
      Day due = c->o.until + rng_int(&r, -90, 150);
      csv_account(f, c, i);
      csv_text(f, objective[what]);
      csv_text(f, measure[what]);
      csv_text(f, obstacle[rng_below(&r, 3)]);
      csv_text(f, action[rng_below(&r, 3)]);
      csv_staff(f, c, a->owner);
      csv_day(f, due);
      csv_text(f, due > c->o.until || rng_chance(&r, 0.2) ? "open" : rng_chance(&r, 0.8) ? "done" : "dropped");
      csv_end(f);
    }
  }
  csv_close(f);
}

void write_relations(const Company *c) {
  write_trust(c);
  write_needs(c);
  write_requirements(c);
  write_plan_items(c);
}
