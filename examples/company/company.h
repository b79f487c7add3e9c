/* The invented company, as the writers of its files see it. Built once from the
 * options (build.c), then read: only `met`, which visits fill for contacts, changes. */
#ifndef COMPANY_H
#define COMPANY_H
#include "csv.h"
#include "names.h"
#include "rng.h"

typedef struct Options {
  uint64_t seed;
  int accounts, managers, partners, years;
  long lines;       /* order lines, all told */
  Day from, until;  /* until is the last day with data */
  const char *out;
} Options;

/* One random stream per subject and thing; the order of calls elsewhere does not matter. */
enum Stream { OF_ACCOUNT = 1, OF_NAME, OF_STAFF, OF_PRODUCT, OF_ORDER, OF_LINE, OF_CONTACT, OF_VISIT, OF_ACTIVITY,
              OF_COMPLAINT, OF_SURVEY, OF_TRUST, OF_NEED, OF_QUOTE, OF_PARTNER, OF_MARKET, OF_AGREEMENT, OF_OWNER,
              OF_REQUEST, OF_AUTHORITY, OF_VISITING };

typedef enum Course { STEADY, GROWING, FADING, LOST, NEWCOMER, OCCASIONAL, SILENT } Course;
enum { TIER_A, TIER_B, TIER_C, TIER_D, TIER_NONE };
enum { MONTHS_MAX = 240, ASSORTMENT = 8, CONTACTS_MAX = 9, NOBODY = -1 };

typedef struct Account {
  char name[NAME_SIZE];
  int industry, city, region, tier, parent /* or NOBODY */;
  const char *status;
  double latitude, longitude;
  double size;        /* yuan a year at its level */
  double discount;    /* off list price */
  double service;     /* cost to serve, of revenue */
  double revenue;     /* yuan expected over the whole time */
  Course course;
  double rate;        /* of growth or fall, a month */
  int turn;           /* month in which its course begins */
  int owner, former;  /* staff, or NOBODY; former until `handover` */
  Day handover;
  long lines;
  int contacts;
  Day met[CONTACTS_MAX];
  uint8_t assortment[ASSORTMENT], nassortment;
} Account;

typedef struct Staff {
  char name[NAME_SIZE];
  const char *level, *grade, *role, *department;
  int region;  /* NOBODY: the whole country */
  int superior;
  int home;    /* city, or NOBODY */
  bool active;
} Staff;

enum { STEPS = 48 }; /* price years and cost half-years kept per product */
typedef struct Product {
  char code[8], name[NAME_SIZE];
  int line;
  int64_t price[STEPS], cost[STEPS];  /* fen; by year and by half-year from `first` on */
  bool active, stale;                 /* stale: nobody has renewed its cost lately */
} Product;

typedef struct Company {
  Options o;
  int months, width /* digits of an account's code */;
  Account *account;
  int nstaff, first_manager;
  Staff *staff;
  int first_year;     /* prices begin here, a year before the orders */
  Product product[PRODUCTS];
} Company;

Company *company_build(Options o);
void company_free(Company *c);
void company_products(Company *c);                       /* product.c; for company_build */
Rng company_rng(const Company *c, enum Stream subject, uint64_t index);
/* What the account buys in month t (0..months-1), as a multiple of an average month at its level. */
double company_demand(const Company *c, const Account *a, int month);
int64_t company_price(const Company *c, int product, Day d);
int64_t company_cost(const Company *c, int product, Day d);
int company_owner_on(const Account *a, Day d);
Day company_workday(Day d, Day from, Day until);         /* d, or the next working day inside the range */
/* A working day when the account was a customer. */
Day company_some_day(const Company *c, const Account *a, Rng *r);
const char *company_tier(const Account *a);              /* NULL = none */
bool company_absent(const Company *c, int staff, Day day);   /* off that day */
bool company_closed(const Company *c, int account, Day day); /* takes no visits that day */

void csv_account(Csv *f, const Company *c, int account); /* NOBODY = empty */
void csv_staff(Csv *f, const Company *c, int staff);
void csv_contact(Csv *f, const Company *c, int account, int contact);

/* The files. Visits come before contacts, who remember when they were last met. */
void write_accounts(const Company *c);
void write_staff(const Company *c);
void write_assignments(const Company *c);
void write_visiting(const Company *c);   /* when visits can be made: calendar, absences, opening hours, ways */
void write_products(const Company *c);
void write_orders(const Company *c);
void write_visits(Company *c);
void write_activities(const Company *c);
void write_complaints(const Company *c);
void write_surveys(const Company *c);
void write_contacts(const Company *c);
void write_relations(const Company *c);  /* trust, needs, requirements, plan items */
void write_quotes(const Company *c);     /* quotes, their lines, offers, concessions, agreements, authority */
void write_market(const Company *c);     /* partners, registrations, competitors, wallet, losses, events */
#endif
