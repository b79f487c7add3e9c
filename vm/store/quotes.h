/* Inside the store: price requests with their lines, and what prices them on a day, read once: what each gives away, what
 * keeps it from being granted, who may grant it. The triggers say the same of one quote at a time in SQL
 * (schema_price.h, schema_grant.h), and have the last word.
 *
 * A quantity or a rebate that is no number makes a quote odd: nothing is said of it here, and whoever asks reads it by the
 * expression of its column; so it is with what a huge one comes to. */
#ifndef STORE_QUOTES_H
#define STORE_QUOTES_H
#include "store/view.h"

#define AMOUNT_NONE INT64_MIN
#define PLACE_NONE UINT32_MAX
enum { WORD_NONE = 0, QUOTE_LEVEL_ODD = 255, QUOTES_FEW = 256 /* up to here those asked for alone are read */ };

typedef struct WordEntry { Str text; uint64_t hash; } WordEntry;
typedef struct WordSet { /* texts as small numbers from 1; 0 is null */
  WordEntry *word;
  uint32_t *slot;
  size_t n, cap, slots;
} WordSet;
uint32_t words_put(WordSet *w, Str text, Arena *a);
void words_free(WordSet *w);

typedef struct QuoteLine {
  int64_t id, line_no, list, net, cost, freight; /* prices of one; AMOUNT_NONE: null */
  double qty;                           /* NAN: null */
  uint32_t quote, product;              /* places; product may be PLACE_NONE */
  Day cost_day;
  bool whole;                           /* qty is an integer */
  bool named;                           /* it names a product */
} QuoteLine;

typedef enum QuoteIs {
  QUOTE_OPEN = 1, QUOTE_GRANTED = 2, QUOTE_ENDED = 4 /* refused, expired, withdrawn, lost */, QUOTE_WON = 8, QUOTE_GRANT = 16 /* by verdict */,
  QUOTE_APPROVER = 32, QUOTE_ODD = 64, QUOTE_KNOWN = 128 /* quantity and prices of all lines */,
  QUOTE_HUGE = 256 /* amounts that a double does not hold to the last unit */
} QuoteIs;

typedef struct QuoteRow {
  int64_t id, account_id, requester, bundle, freight, payment_days; /* ids: 0 is null */
  double rebate;                         /* NAN: null */
  double list, net, list_now;            /* sums; list_now: where the price in force is higher, at that */
  uint32_t account, reason, line, nline; /* account: place, or PLACE_NONE; line: the first */
  Day requested_on, decided, expires;    /* DAY_NONE: null */
  unsigned is;
} QuoteRow;

typedef struct PricedProduct {
  int64_t id, cost;       /* in force; AMOUNT_NONE: none */
  Day cost_day;
  uint32_t line, price, nprice, volume, nvolume; /* word; rows of `price` and `volume` */
  Str name, code;
} PricedProduct;
typedef struct PriceRow { uint32_t product, region; int64_t amount; } PriceRow;
typedef struct VolumeRow { uint32_t product, line; double least, discount; } VolumeRow; /* those of no product first */
typedef struct QuoteAccount { int64_t id; uint32_t region, tier, first, n, deal, ndeal; } QuoteAccount; /* quotes: of_account */
typedef struct DealRow { int64_t account, payment_days; uint32_t line; double discount, rebate; } DealRow; /* of an agreement */

typedef struct Quotes {
  Store *s;
  int64_t version;        /* of the data */
  Day day;
  bool all;               /* every quote; else those asked for, with all of their accounts' */
  Arena arena;
  QuoteRow *row;
  size_t n, cap;
  IdMap place;            /* of ids of quotes */
  int64_t *id;
  QuoteLine *line;
  size_t nline, capline;
  PricedProduct *product;
  size_t nproduct, capproduct;
  IdMap product_place;
  PriceRow *price;
  size_t nprice, capprice;
  QuoteAccount *account;
  size_t naccount, capaccount;
  uint32_t *of_account;   /* places of quotes, account by account */
  DealRow *deal;
  size_t ndeal, capdeal;
  VolumeRow *volume;
  size_t nvolume, capvolume, nany;  /* nany: of no product */
  WordSet line_word, region, tier, reason;
  int cost_fresh, split;  /* settings, in days */
  double interest;        /* … of a year */
  bool freight_paid;      /* … freight that is not recorded is the customer's */
  uint8_t *covered;       /* quotes_grant.c: rank of the level, 0 = none; made when first asked for */
  bool *own;
} Quotes;

/* The quotes of these ids, and what they lean on, on the day: kept until the data changes. Valid until it is asked again. */
Quotes *quotes_read(Store *s, Day day, const int64_t *id, size_t n, Err *e);

/* quotes_price.c */
typedef enum QuoteFigure {
  QUOTE_NO_FIGURE, QUOTE_GIVEN_AWAY, QUOTE_LIST_VALUE, QUOTE_BREACH, QUOTE_WORST_PRODUCT, QUOTE_STALEST_PRODUCT,
  LINE_COST_AGE, QUOTE_COVERED_BY, QUOTE_OWN_AUTHORITY
} QuoteFigure;
double quotes_beside(const QuoteRow *r);                       /* given away beside the prices of its lines */
double quotes_rebate(const Quotes *q, const QuoteRow *r);      /* its own, or of an agreement */
double quotes_volume(const Quotes *q, const QuoteLine *l);     /* what its quantity takes off; NAN: nothing */
/* Freight that nobody recorded is not known, unless the company has said that the customer pays it (setting freight). What is
 * recorded for the whole stands for lines without their own. */
bool quotes_freight_known(const Quotes *q, const QuoteRow *r);
const char *quotes_breach(const Quotes *q, const QuoteRow *r); /* NULL: nothing keeps it from being granted */
/* The figure of each row; out[i] and plain[i] are left as they are where it is not plain. Ids are of lines for a LINE_ figure. */
bool quotes_column(Store *s, QuoteFigure f, Day day, const int64_t *id, size_t n, Arena *a, Val *out, bool *plain, Err *e);

/* quotes_grant.c */
bool quotes_grant(Quotes *q, Err *e); /* fills covered and own */
#endif
