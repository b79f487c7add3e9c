#include "store/catalog_visit.h"

#include "store/catalog_price.h"
#include "store/schema_visit.h"

const CatColumn visit_col[] = {
    ACCOUNT("visits"),
    {.name = "staff",
     .type = COL_REF,
     .ref = "staff",
     .flags = CAT_INDEX,
     .back = "visits",
     .about = "who goes"},
    {.name = "contact",
     .type = COL_REF,
     .ref = "contact",
     .flags = CAT_INDEX,
     .back = "meetings",
     .about = "whom they meet"},
    {.name = "day", .type = COL_DATE, .flags = CAT_DAY | CAT_AHEAD | CAT_REQUIRED, .about = "day of the visit"},
    {.name = "planned", .type = COL_DATE, .about = "day it was planned for at first"},
    {.name = "status",
     .values = "planned, fixed, moved, done, missed, cancelled",
     .about = "planned; fixed or moved: stands as it is; done, missed or cancelled"},
    {.name = "minutes", .type = COL_INT, .about = "how long"},
    {.name = "kind", .about = "regular, executive, by phone …"},
    {.name = "cost", .type = COL_MONEY, .about = "what it cost us"},
    {.name = "findings", .about = "what was learnt"},
    {.name = "begins", .since = VISIT_SCHEMA, .about = "time of day, 09:30; empty = any"},
    {.name = "ends", .since = VISIT_SCHEMA, .about = "time of day, 10:30"},
    {.name = "travel", .type = COL_INT, .since = VISIT_SCHEMA, .about = "minutes on the road before it"},
    {.name = "pinned", .type = COL_BOOL, .since = VISIT_SCHEMA, .about = "stays on its day; the hour may change"},
    {.name = "sequence", .type = COL_INT, .since = VISIT_SCHEMA, .about = "how often it was changed, for calendars"},
    {.name = "min_gap", .type = COL_INT, .since = VISIT_PLAN_SCHEMA, .about = "days to other visits of the account, at least, as it was planned"},
};
const CatColumn absence_col[] = {
    {.name = "staff", .type = COL_REF, .ref = "staff", .flags = CAT_REQUIRED | CAT_INDEX, .back = "absences", .about = "who is off"},
    {.name = "from_day", .type = COL_DATE, .flags = CAT_REQUIRED, .about = "from this day"},
    {.name = "to_day", .type = COL_DATE, .about = "until before this day; empty = one day"},
    {.name = "reason", .about = "leave, training …"},
};
const CatColumn no_visit_col[] = {
    ACCOUNT("no_visits"),
    {.name = "from_day", .type = COL_DATE, .flags = CAT_REQUIRED, .about = "no visits from this day"},
    {.name = "to_day", .type = COL_DATE, .about = "until before this day; empty = one day"},
    {.name = "reason", .about = "stocktaking, works holiday …"},
};
const CatColumn opening_col[] = {
    ACCOUNT("openings"),
    {.name = "weekday", .values = "Mon, Tue, Wed, Thu, Fri, Sat, Sun", .about = "on which day of the week; empty = every day"},
    {.name = "opens", .flags = CAT_REQUIRED, .about = "visits are let in from, 09:00"},
    {.name = "closes", .flags = CAT_REQUIRED, .about = "and have ended by, 11:30; an account without a row is open all day"},
};
const CatColumn holiday_col[] = {
    {.name = "region", .flags = CAT_REQUIRED | CAT_INDEX, .about = "of the staff who are off; everywhere: table calendar"},
    {.name = "day", .type = COL_DATE, .flags = CAT_REQUIRED, .about = "a day that is not as the calendar says there"},
    {.name = "works", .type = COL_BOOL, .flags = CAT_REQUIRED, .about = "no: a holiday; yes: a make-up day (调休)"},
    {.name = "name", .about = "of the holiday"},
};
const CatColumn travel_col[] = {
    {.name = "origin", .flags = CAT_REQUIRED, .about = "code of an account, or of staff: where they start"},
    {.name = "destination", .flags = CAT_REQUIRED, .about = "code of an account, or of staff"},
    {.name = "minutes", .type = COL_INT, .flags = CAT_REQUIRED, .about = "on the road; pairs without a row: straight line × road ÷ speed"},
};
