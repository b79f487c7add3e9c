#include "store/catalog.h"

#include <string.h>

#include "store/catalog_price.h"
#include "store/catalog_visit.h"
#include "store/schema_visit.h"

#define NCOL(a) (a), sizeof(a) / sizeof *(a)

static const CatColumn account_col[] = {
  {.name = "code", .flags = CAT_KEY | CAT_REQUIRED, .about = "customer number"},
  {.name = "name", .about = "company name"},
  {.name = "status", .values = "active, prospect, suspended, closed", .flags = CAT_HISTORY, .made = "'active'",
   .about = "active, prospect, suspended or closed"},
  {.name = "tier", .values = "ranked: A, B, C, D", .flags = CAT_HISTORY, .about = "importance, A is highest"},
  {.name = "industry", .also = "行业", .about = "industry"},
  {.name = "region", .about = "province or sales region"},
  {.name = "city", .about = "city"},
  {.name = "address", .about = "street address"},
  {.name = "latitude", .type = COL_NUM, .about = "degrees north"},
  {.name = "longitude", .type = COL_NUM, .about = "degrees east"},
  {.name = "parent", .type = COL_REF, .ref = "account", .back = "subsidiaries", .flags = CAT_INDEX,
   .about = "the company it belongs to"},
  {.name = "service_level", .values = "ranked: green, priority, standard", .flags = CAT_HISTORY,
   .about = "what service it is entitled to"},
  {.name = "credit_limit", .type = COL_MONEY, .about = "most it may owe"},
  {.name = "credit_days", .type = COL_INT, .about = "days it has to pay"},
  {.name = "headcount", .type = COL_INT, .about = "people it employs"},
  {.name = "influence_rating", .type = COL_NUM, .flags = CAT_HISTORY, .about = "social influence, 1 to 5"},
  {.name = "growth_potential", .type = COL_NUM, .flags = CAT_HISTORY, .about = "room to grow, as rated"},
  {.name = "reference", .type = COL_BOOL, .about = "others may ask it about us"},
  {.name = "since", .type = COL_DATE, .about = "customer since"},
  {.name = "file_updated", .type = COL_DATE, .about = "its file was last brought up to date"},
  {.name = "visit_minutes", .type = COL_INT, .since = VISIT_SCHEMA, .about = "how long a visit takes there; empty = as its cadence says"},
  {.name = "visit_gap", .type = COL_INT, .since = VISIT_LEAVE_SCHEMA, .about = "days between two visits, at least; empty = as its cadence says"},
  {.name = "satisfaction", .type = COL_NUM,
   .sql = "(SELECT avg(score) FROM survey WHERE survey.account = account.id AND survey.day < ?1"
          " AND survey.day >= date(?1, '-12 months'))",
   .about = "mean score of its surveys in the last twelve months"},
};
static const CatColumn contact_col[] = {
    {.name = "code", .flags = CAT_KEY | CAT_REQUIRED, .about = "number of the contact"},
    ACCOUNT("contacts"),
    {.name = "name", .flags = CAT_PERSONAL, .about = "name"},
    {.name = "title", .flags = CAT_PERSONAL, .about = "job title"},
    {.name = "phone", .flags = CAT_PERSONAL, .about = "telephone"},
    {.name = "email", .flags = CAT_PERSONAL, .about = "e-mail address"},
    {.name = "department", .about = "department"},
    {.name = "decision_role",
     .values = "decider, influencer, buyer, user, gatekeeper",
     .about = "part in a decision to buy"},
    {.name = "influence", .type = COL_NUM, .about = "influence on others, 0 to 5"},
    {.name = "attitude",
     .values = "ranked: sponsor, supporter, neutral, sceptic, opponent",
     .flags = CAT_HISTORY,
     .about = "attitude towards us, sponsor is best"},
    {.name = "met", .type = COL_DATE, .about = "last met"},
    {.name = "reports_to", .type = COL_REF, .ref = "contact", .back = "reports", .about = "superior"},
    {.name = "influences",
     .type = COL_REF,
     .ref = "contact",
     .back = "influenced_by",
     .about = "whom they influence"},
    {.name = "active", .type = COL_BOOL, .made = "1", .about = "still there"},
};
static const CatColumn staff_col[] = {
  {.name = "code", .flags = CAT_KEY | CAT_REQUIRED, .about = "staff number"},
  {.name = "name", .about = "name"},
  {.name = "login", .about = "user name on this computer system"},
  {.name = "level", .values = "ranked: 总部, 省, 地市, 客户经理", .about = "level of authority, 总部 is highest"},
  {.name = "grade", .values = "ranked: executive, director, head, manager, assistant",
   .about = "grade, executive is highest"},
  {.name = "role", .about = "what they do: manager, engineer, back office"},
  {.name = "region", .about = "sales region"},
  {.name = "department", .about = "department"},
  {.name = "manager", .type = COL_REF, .ref = "staff", .back = "team", .about = "superior"},
  {.name = "active", .type = COL_BOOL, .made = "1", .about = "still with us"},
  {.name = "work_from", .since = VISIT_SCHEMA, .about = "sets out for visits at, 08:30"},
  {.name = "work_to", .since = VISIT_SCHEMA, .about = "and is back by, 17:30"},
  {.name = "visits_a_day", .type = COL_INT, .since = VISIT_SCHEMA, .about = "visits a day, at most"},
  {.name = "weekdays_off", .since = VISIT_SCHEMA, .about = "days of the week off besides weekends: Wed, Fri"},
  {.name = "start_latitude", .type = COL_NUM, .since = VISIT_SCHEMA, .about = "where the day begins, degrees north"},
  {.name = "start_longitude", .type = COL_NUM, .since = VISIT_SCHEMA, .about = "degrees east"},
  {.name = "end_latitude", .type = COL_NUM, .since = VISIT_SCHEMA, .about = "where it ends; empty = where it began"},
  {.name = "end_longitude", .type = COL_NUM, .since = VISIT_SCHEMA, .about = "degrees east"},
};
static const CatColumn assignment_col[] = {
  ACCOUNT("assignments"),
  {.name = "staff", .type = COL_REF, .ref = "staff", .flags = CAT_REQUIRED | CAT_INDEX, .back = "assignments",
   .about = "who"},
  {.name = "role", .values = "owner, deputy, executive, engineer, member", .flags = CAT_REQUIRED,
   .about = "owner = the main account manager"},
  FROM_DAY,
  TO_DAY,
};
static const CatColumn partner_col[] = {
  {.name = "code", .flags = CAT_KEY | CAT_REQUIRED, .about = "partner number"},
  {.name = "name", .about = "company name"},
  {.name = "region", .about = "where it is"},
  {.name = "regions", .about = "regions it may sell in, comma between"},
  {.name = "lines", .about = "product lines it may sell, comma between"},
  {.name = "active", .type = COL_BOOL, .made = "1", .about = "still a partner"},
};
static const CatColumn registration_col[] = {
  {.name = "partner", .type = COL_REF, .ref = "partner", .flags = CAT_REQUIRED | CAT_INDEX,
   .back = "registrations", .about = "who registered"},
  ACCOUNT("registrations"),
  {.name = "product_line", .about = "product line"},
  {.name = "registered", .type = COL_DATE, .flags = CAT_DAY | CAT_REQUIRED, .about = "registered on"},
  {.name = "expires", .type = COL_DATE, .about = "protected until before this day"},
  {.name = "last_action", .type = COL_DATE, .about = "last thing the partner did there"},
  {.name = "status", .values = "active, expired, released", .about = "active, expired or released"},
};
static const CatColumn product_col[] = {
  {.name = "code", .flags = CAT_KEY | CAT_REQUIRED, .about = "product number"},
  {.name = "name", .about = "name"},
  {.name = "line", .about = "product line"},
  {.name = "unit", .about = "unit it is sold in"},
  {.name = "active", .type = COL_BOOL, .made = "1", .about = "still sold"},
};
/* The rows that cost follows: laid out by hand in schema.c, found by day, not by account. */
static const CatColumn orders_col[] = {
  {.name = "account", .type = COL_REF, .ref = "account", .flags = CAT_REQUIRED, .back = "orders",
   .about = "who bought"},
  {.name = "order_no", .about = "number of the order the line is in"},
  {.name = "line_no", .type = COL_INT, .about = "number of the line in its order"},
  {.name = "day", .type = COL_DATE, .flags = CAT_DAY | CAT_REQUIRED, .about = "day of the order"},
  {.name = "product", .type = COL_REF, .ref = "product", .back = "orders", .about = "what was bought"},
  {.name = "quantity", .type = COL_NUM, .about = "how many"},
  {.name = "revenue", .type = COL_MONEY, .about = "net of VAT and discount"},
  {.name = "cost", .type = COL_MONEY, .about = "cost of the goods"},
};
static const CatColumn offer_col[] = {
    ACCOUNT("offers"),
    {.name = "quote",
     .type = COL_REF,
     .ref = "quote",
     .flags = CAT_INDEX,
     .back = "offers",
     .about = "made for this quote"},
    {.name = "kind", .about = "price, service, training, delivery …"},
    {.name = "made", .type = COL_DATE, .flags = CAT_DAY | CAT_REQUIRED, .about = "made on"},
    {.name = "text", .about = "in words"},
};
static const CatColumn concession_col[] = {
    ACCOUNT("concessions"),
    {.name = "quote",
     .type = COL_REF,
     .ref = "quote",
     .flags = CAT_INDEX,
     .back = "concessions",
     .about = "granted for this quote"},
    {.name = "day", .type = COL_DATE, .flags = CAT_DAY | CAT_REQUIRED, .about = "granted on"},
    {.name = "kind", .about = "discount, bundle, retention …"},
    {.name = "amount", .type = COL_MONEY, .about = "given away"},
    {.name = "approver", .type = COL_REF, .ref = "staff", .about = "who granted it"},
    {.name = "reason", .about = "why"},
};
static const CatColumn activity_col[] = {
    ACCOUNT("activities"),
    {.name = "staff",
     .type = COL_REF,
     .ref = "staff",
     .flags = CAT_INDEX,
     .back = "activities",
     .about = "who"},
    {.name = "contact",
     .type = COL_REF,
     .ref = "contact",
     .flags = CAT_INDEX,
     .back = "activities",
     .about = "with whom"},
    {.name = "day", .type = COL_DATE, .flags = CAT_DAY | CAT_REQUIRED, .about = "day"},
    {.name = "kind", .about = "call, mail, training, service …"},
    {.name = "minutes", .type = COL_INT, .about = "how long"},
    {.name = "cost", .type = COL_MONEY, .about = "what it cost us"},
    {.name = "text", .about = "in words"},
};
static const CatColumn complaint_col[] = {
  {.name = "code", .flags = CAT_KEY | CAT_REQUIRED, .about = "complaint number"},
  ACCOUNT("complaints"),
  {.name = "contact", .type = COL_REF, .ref = "contact", .about = "who complained"},
  {.name = "product", .type = COL_REF, .ref = "product", .about = "about which product"},
  {.name = "opened", .type = COL_DATE, .flags = CAT_DAY | CAT_REQUIRED, .about = "received on"},
  {.name = "due", .type = COL_DATE, .about = "to be solved before this day"},
  {.name = "closed", .type = COL_DATE, .about = "solved on"},
  {.name = "status", .values = "open, reopened, closed", .about = "open, reopened or closed"},
  {.name = "severity", .values = "ranked: high, normal, low", .about = "how bad"},
  {.name = "kind", .about = "quality, delivery, service, price …"},
  {.name = "first_owner", .type = COL_REF, .ref = "staff", .flags = CAT_INDEX, .back = "complaints",
   .about = "first responder, who keeps it"},
  {.name = "owner", .type = COL_REF, .ref = "staff", .about = "who works on it"},
  {.name = "age", .type = COL_DAYS, .sql = "julianday(min(coalesce(closed, ?1), ?1)) - julianday(opened)",
   .about = "days it was or has been open"},
  {.name = "overdue", .type = COL_BOOL, .sql = "coalesce(closed, ?1) > due", .about = "not solved in time"},
  {.name = "text", .about = "in words"},
};
static const CatColumn survey_col[] = {
    ACCOUNT("surveys"),
    {.name = "contact",
     .type = COL_REF,
     .ref = "contact",
     .flags = CAT_INDEX,
     .back = "surveys",
     .about = "who answered"},
    {.name = "day", .type = COL_DATE, .flags = CAT_DAY | CAT_REQUIRED, .about = "answered on"},
    {.name = "score", .type = COL_NUM, .about = "satisfaction, 1 to 5"},
    {.name = "kind", .about = "touchpoint or questionnaire"},
    {.name = "text", .about = "in words"},
};
static const CatColumn trust_col[] = {
    ACCOUNT("trust"),
    {.name = "contact",
     .type = COL_REF,
     .ref = "contact",
     .flags = CAT_INDEX,
     .back = "trust",
     .about = "whose trust"},
    {.name = "kind",
     .values = "occupational, professional, relational, benefit",
     .flags = CAT_REQUIRED,
     .about = "which of the four trusts"},
    {.name = "rating", .type = COL_NUM, .flags = CAT_REQUIRED, .about = "0 to 5"},
    {.name = "day", .type = COL_DATE, .flags = CAT_DAY | CAT_REQUIRED, .about = "rated on"},
    {.name = "evidence", .about = "what it rests on"},
};
static const CatColumn need_col[] = {
    ACCOUNT("needs"),
    {.name = "contact",
     .type = COL_REF,
     .ref = "contact",
     .flags = CAT_INDEX,
     .back = "needs",
     .about = "whose need"},
    {.name = "scope", .values = "organisation, personal", .about = "the company's or a person's"},
    {.name = "state", .values = "blind, pain, sweet", .about = "not seen, felt, or solved"},
    {.name = "product_line", .about = "product line that answers it"},
    {.name = "opened", .type = COL_DATE, .flags = CAT_DAY, .about = "found on"},
    {.name = "closed", .type = COL_DATE, .about = "solved or dropped on"},
    {.name = "expires", .type = COL_DATE, .about = "to be forgotten on"},
    {.name = "text", .flags = CAT_PERSONAL, .about = "in words"},
};
static const CatColumn requirement_col[] = {
  ACCOUNT("requirements"),
  {.name = "kind", .about = "product, order form, quality check, supply …"},
  {.name = "raised", .type = COL_DATE, .flags = CAT_DAY | CAT_REQUIRED, .about = "raised on"},
  {.name = "accepted", .type = COL_DATE, .about = "accepted on"},
  {.name = "shipped", .type = COL_DATE, .about = "shipped on"},
  {.name = "status", .values = "raised, accepted, shipped, refused", .about = "where it stands"},
  {.name = "text", .about = "in words"},
};
static const CatColumn plan_item_col[] = {
    ACCOUNT("plan_items"),
    {.name = "objective", .about = "what is to be reached"},
    {.name = "measure", .about = "how it is measured, for both sides"},
    {.name = "obstacle", .about = "what stands in the way"},
    {.name = "action", .about = "what we do about it"},
    {.name = "owner",
     .type = COL_REF,
     .ref = "staff",
     .flags = CAT_INDEX,
     .back = "plan_items",
     .about = "who does it"},
    {.name = "due", .type = COL_DATE, .flags = CAT_DAY | CAT_AHEAD, .about = "by when"},
    {.name = "status", .values = "open, done, dropped", .about = "open, done or dropped"},
};
static const CatColumn competitor_col[] = {
  ACCOUNT("competitors"),
  {.name = "name", .flags = CAT_REQUIRED, .about = "who"},
  {.name = "product_line", .about = "with which product line"},
  {.name = "share", .type = COL_PERCENT, .about = "share of the customer's budget"},
  {.name = "day", .type = COL_DATE, .flags = CAT_DAY, .about = "as seen on"},
  {.name = "text", .about = "in words"},
  {.name = "product", .type = COL_REF, .ref = "product", .since = 6, .about = "with which product"},
  {.name = "price", .type = COL_MONEY, .since = 6, .about = "the price they ask for one"},
  {.name = "evidence", .since = 6, .about = "what shows it: their offer, an invoice"},
  {.name = "expires", .type = COL_DATE, .since = 6, .about = "their offer holds until before this day"},
  CURRENCY,
};
static const CatColumn wallet_col[] = {
    ACCOUNT("wallet"),
    {.name = "day", .type = COL_DATE, .flags = CAT_DAY | CAT_REQUIRED, .about = "as known on"},
    {.name = "category_spend",
     .type = COL_MONEY,
     .about = "what it spends a year on what we sell, with anyone"},
    {.name = "product_line", .about = "only this product line; empty = all"},
    {.name = "source", .about = "who says so"},
};
static const CatColumn loss_col[] = {
    ACCOUNT("losses"),
    {.name = "day", .type = COL_DATE, .flags = CAT_DAY | CAT_REQUIRED, .about = "lost on"},
    {.name = "cause",
     .values = "price, technology, service, policy, relations, quality, complaints, growth, other",
     .about = "cause of the loss"},
    {.name = "competitor", .about = "to whom"},
    {.name = "amount", .type = COL_MONEY, .about = "revenue lost a year"},
    {.name = "text", .about = "in words"},
};
static const CatColumn event_col[] = {
    ACCOUNT("events"),
    {.name = "contact",
     .type = COL_REF,
     .ref = "contact",
     .flags = CAT_INDEX,
     .back = "events",
     .about = "who was invited"},
    {.name = "name", .flags = CAT_REQUIRED, .about = "name of the event"},
    {.name = "day", .type = COL_DATE, .flags = CAT_DAY | CAT_REQUIRED, .about = "day"},
    {.name = "kind", .about = "club, demonstration, training …"},
    {.name = "attended", .type = COL_BOOL, .about = "came"},
};
static const CatColumn observation_col[] = {
  ACCOUNT("observations"),
  {.name = "measure", .flags = CAT_REQUIRED, .about = "what was measured"},
  {.name = "day", .type = COL_DATE, .flags = CAT_DAY | CAT_REQUIRED, .about = "on which day"},
  {.name = "value", .type = COL_NUM, .about = "the figure"},
};
static const CatColumn segment_col[] = {
  {.name = "name", .flags = CAT_KEY | CAT_REQUIRED, .about = "name of the segment"},
  {.name = "text", .about = "in words"},
};
static const CatColumn segment_member_col[] = {
  {.name = "segment", .type = COL_REF, .ref = "segment", .flags = CAT_REQUIRED | CAT_INDEX, .back = "members",
   .about = "segment"},
  ACCOUNT("memberships"),
  FROM_DAY,
  TO_DAY,
};
static const CatColumn task_col[] = {
    ACCOUNT("tasks"),
    {.name = "owner",
     .type = COL_REF,
     .ref = "staff",
     .flags = CAT_INDEX,
     .back = "tasks",
     .about = "who does it"},
    {.name = "kind", .about = "churn, file, visit …"},
    {.name = "title", .about = "in a line"},
    {.name = "text", .about = "in words"},
    {.name = "created", .type = COL_DATE, .flags = CAT_DAY | CAT_AHEAD, .about = "given on"},
    {.name = "due", .type = COL_DATE, .about = "by when"},
    {.name = "done", .type = COL_DATE, .about = "done on"},
    {.name = "status", .values = "open, done, dropped", .about = "open, done or dropped"},
};
static const CatColumn alert_col[] = {
    ACCOUNT("alerts"),
    {.name = "owner",
     .type = COL_REF,
     .ref = "staff",
     .flags = CAT_INDEX,
     .back = "alerts",
     .about = "who should know"},
    {.name = "kind", .about = "conflict, overdue …"},
    {.name = "text", .about = "in words"},
    {.name = "created", .type = COL_DATE, .flags = CAT_DAY | CAT_AHEAD, .about = "raised on"},
    {.name = "status", .values = "open, seen, closed", .about = "open, seen or closed"},
};
static const CatColumn calendar_col[] = {
  {.name = "day", .type = COL_DATE, .flags = CAT_KEY | CAT_REQUIRED, .about = "a day that is not as the week says"},
  {.name = "works", .type = COL_BOOL, .flags = CAT_REQUIRED, .about = "no: a holiday; yes: a make-up day (调休)"},
  {.name = "name", .about = "of the holiday"},
};

static const CatEntity entity[] = {
    {1, "account", "accounts", "account", "customers", NCOL(account_col), 0},
    {2, "contact", "contacts", "contact", "people at a customer", NCOL(contact_col), 0},
    {3, "staff", "staff", "staff", "our own people", NCOL(staff_col), 0},
    {4, "assignment", "assignments", "assignment", "who looks after which account, dated",
     NCOL(assignment_col), 0},
    {5, "partner", "partners", "partner", "channel partners and agents", NCOL(partner_col), 0},
    {6, "registration", "registrations", "registration", "accounts that partners claim",
     NCOL(registration_col), 0},
    {7, "product", "products", "product", "what we sell", NCOL(product_col), 0},
    {8, "price", "prices", "price", "list prices, dated", NCOL(price_col), 0},
    {9, "cost", "costs", "cost", "unit costs, dated", NCOL(cost_col), 0},
    {10, "agreement", "agreements", "agreement", "agreements with accounts, dated", NCOL(agreement_col), 0},
    {11, "orders", "orders", "orders", "order lines", NCOL(orders_col), 0},
    {12, "quote", "quotes", "quote", "quotes and price requests", NCOL(quote_col), 0},
    {13, "quote_line", "quote_lines", "quote_line", "lines of quotes", NCOL(quote_line_col), 0},
    {14, "offer", "offers", "offer", "offers made", NCOL(offer_col), 0},
    {15, "concession", "concessions", "concession", "concessions granted", NCOL(concession_col), 0},
    {16, "activity", "activities", "activity", "calls, mails, services", NCOL(activity_col), 0},
    {17, "visit", "visits", "visit", "visits planned and made", NCOL(visit_col), 0},
    {18, "complaint", "complaints", "complaint", "complaints", NCOL(complaint_col), 0},
    {19, "survey", "surveys", "survey", "satisfaction as customers say it", NCOL(survey_col), 0},
    {20, "trust", "trust", "trust", "ratings of the four trusts", NCOL(trust_col), 0},
    {21, "need", "needs", "need", "needs of customers", NCOL(need_col), 0},
    {22, "requirement", "requirements", "requirement", "requirements raised by customers",
     NCOL(requirement_col), 0},
    {23, "plan_item", "plan_items", "plan_item", "lines of account plans", NCOL(plan_item_col), 0},
    {24, "competitor", "competitors", "competitor", "competitors at a customer", NCOL(competitor_col), 0},
    {25, "wallet", "wallet", "wallet", "customers' budgets", NCOL(wallet_col), 0},
    {26, "loss", "losses", "loss", "business lost", NCOL(loss_col), 0},
    {27, "event", "events", "event", "invitations to events", NCOL(event_col), 0},
    {28, "observation", "observations", "observation", "any other measure", NCOL(observation_col), 0},
    {29, "segment", "segments", "segment", "named sets of accounts", NCOL(segment_col), 0},
    {30, "segment_member", "segment_members", "segment_member", "who is in a segment, dated",
     NCOL(segment_member_col), 0},
    {31, "task", "tasks", "task", "things to do", NCOL(task_col), 0},
    {32, "alert", "alerts", "alert", "things to know", NCOL(alert_col), 0},
    {33, "volume", "volumes", "volume", "discounts by quantity, dated", NCOL(volume_col), 6},
    {34, "delegation", "delegations", "delegation", "who acts for whom, dated", NCOL(delegation_col), 6},
    {35, "authority", "authorities", "authority", "who may give away how much, dated", NCOL(authority_col), 8},
    {36, "signature", "signatures", "signature", "who must sign a quote, and who has", NCOL(signature_col), 8},
    {37, "calendar", "calendar", "calendar", "holidays and make-up days", NCOL(calendar_col), 9},
    {38, "absence", "absences", "absence", "staff who are off, dated", NCOL(absence_col), VISIT_SCHEMA},
    {39, "no_visit", "no_visits", "no_visit", "days on which accounts take no visits", NCOL(no_visit_col), VISIT_SCHEMA},
    {40, "opening", "openings", "opening", "hours in which accounts take visits", NCOL(opening_col), VISIT_SCHEMA},
    {41, "holiday", "holidays", "holiday", "holidays and make-up days of one region", NCOL(holiday_col), VISIT_SCHEMA},
    {42, "travel", "travels", "travel", "minutes on the road between places", NCOL(travel_col), VISIT_SCHEMA},
};
enum { NENTITY = sizeof entity / sizeof *entity };

const CatEntity *catalog_at(size_t i) { return i < NENTITY ? &entity[i] : NULL; }

const CatEntity *catalog_entity(Str name) {
  for (size_t i = 0; i < NENTITY; i++)
    if (str_is(name, entity[i].name)) return &entity[i];
  for (size_t i = 0; i < NENTITY; i++)
    if (str_is(name, entity[i].plural)) return &entity[i];
  return NULL;
}

const CatColumn *catalog_column(const CatEntity *ent, Str name) {
  for (size_t i = 0; i < ent->ncol; i++) {
    const CatColumn *c = &ent->col[i];
    if (str_is(name, c->name) || (c->also && str_is(name, c->also))) return c;
  }
  return NULL;
}

static const CatColumn *flagged(const CatEntity *ent, unsigned flag) {
  for (size_t i = 0; i < ent->ncol; i++)
    if (ent->col[i].flags & flag) return &ent->col[i];
  return NULL;
}

const CatColumn *catalog_key(const CatEntity *ent) { return flagged(ent, CAT_KEY); }
const CatColumn *catalog_day(const CatEntity *ent) { return flagged(ent, CAT_DAY); }
