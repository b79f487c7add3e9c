#include "run/link.h"

#include "base/mem.h"

#include <nettle/sha2.h>
#include <string.h>

static const struct {
  const char *name, *sql;
} section[LINK_SECTIONS] = {
    {"run", "SELECT id, at, what, actor, asof, seed, script_hash, args, status, changes, detail, digest, "
            "report, log, journal,"
            " undoes, plan, grants, books FROM run WHERE id = ?1"},
    /* read where they stand: by the index of run they would have to be sorted, all in memory */
    {"change", "SELECT id, seq, tbl, row, op, was, now FROM change NOT INDEXED WHERE run = ?1 AND id BETWEEN"
               " (SELECT min(id) FROM change WHERE run = ?1) AND (SELECT max(id) FROM change WHERE run = ?1) ORDER BY id"},
    {"decision", "SELECT d.id, d.tbl, d.entity, d.row, d.asof, d.hit, d.blocked, d.inputs, d.outputs, d.why, "
                 "f.hash, d.last, d.n, d.cases FROM decision d"
                 " LEFT JOIN definition f ON f.id = d.definition WHERE d.run = ?1 ORDER BY d.id"},
    {"added", "SELECT id, tbl, first, last, n, digest FROM added WHERE run = ?1 ORDER BY id"},
    /* the outbox is not here: undo takes back what has not left; its rows stand in the run's journal */
    {"outbox", NULL},
};
enum { SHORT = 8 };
/* Columns of decision after so many came later: hashed where they hold something, so that older links stay. */
enum { DECISION_FIRST = 11 };

typedef struct Making {
  struct sha256_ctx all;
  Link *link;
  size_t at; /* in link->rows: where this section's count stands */
  int64_t n;
  int later; /* the first column that is left out when null; 0 = none */
  Buf bytes;
} Making;

static void put_int(Buf *b, int64_t n) {
  char byte[8];
  for (int i = 0; i < 8; i++) byte[i] = (char)((uint64_t)n >> (56 - 8 * i));
  buf_add(b, byte, sizeof byte);
}

static int64_t get_int(const char *p) {
  uint64_t n = 0;
  for (int i = 0; i < 8; i++)
    n = n << 8 | (unsigned char)p[i];
  return (int64_t)n;
}

static void set_int(Buf *b, size_t at, int64_t n) {
  for (int i = 0; i < 8; i++)
    b->p[at + (size_t)i] = (char)((uint64_t)n >> (56 - 8 * i));
}

/* Type, length, bytes: no two rows look alike. */
static void put_val(Buf *b, Val v) {
  buf_char(b, v.t == V_TEXT && (v.flags & VAL_BLOB) ? 'B' : (char)('a' + v.t));
  if (v.t == V_NULL) return;
  if (v.t == V_TEXT) {
    put_int(b, v.n);
    buf_str(b, val_str(v));
  } else if (v.t == V_REAL) {
    int64_t bits;
    memcpy(&bits, &v.u.d, sizeof bits);
    put_int(b, bits);
  } else {
    put_int(b, v.u.i);
  }
}

typedef uint8_t Sum[SHA256_DIGEST_SIZE];

static void row_sum(Buf *bytes, const Val *val, int ncol, int later, Sum sum) {
  struct sha256_ctx one;
  buf_clear(bytes);
  for (int i = 0; i < ncol; i++)
    if (!later || i < later || val[i].t != V_NULL) put_val(bytes, val[i]);
  sha256_init(&one);
  sha256_update(&one, bytes->n, (const uint8_t *)bytes->p);
  sha256_digest(&one, sizeof(Sum), sum);
}

static void add_sum(Making *m, int64_t id, const uint8_t *sum) {
  sha256_update(&m->all, sizeof(Sum), sum);
  if (m->n++ == 0) set_int(&m->link->rows, m->at - 8, id);
  buf_add(&m->link->rows, (const char *)sum, SHORT);
  m->link->n++;
}

static bool hash_row(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)name, (void)e;
  Making *m = ctx;
  Sum sum;
  row_sum(&m->bytes, val, ncol, m->later, sum);
  add_sum(m, val[0].u.i, sum);
  return true;
}

void link_row(LinkRows *rows, const Val *val, int ncol) {
  Sum sum;
  row_sum(&rows->bytes, val, ncol, 0, sum);
  buf_add(&rows->sum, (const char *)sum, sizeof sum);
  rows->n++;
}

void link_rows_free(LinkRows *rows) {
  buf_free(&rows->sum);
  buf_free(&rows->bytes);
  *rows = (LinkRows){0};
}

static void add_rows(Making *m, const LinkRows *rows) {
  for (size_t i = 0; i < rows->n; i++) add_sum(m, rows->first, (const uint8_t *)rows->sum.p + i * sizeof(Sum));
}

bool link_make(Store *s, int64_t run, Str prev, const LinkRows *changes, Link *out, Err *e) {
  Making m = {.link = out};
  bool ok = true;
  Val bind = val_int(run);
  *out = (Link){0};
  sha256_init(&m.all);
  sha256_update(&m.all, prev.n, (const uint8_t *)prev.p);
  for (int k = 0; ok && k < LINK_SECTIONS; k++) {
    put_int(&out->rows, 0);
    m.at = out->rows.n;
    m.n = 0;
    m.later = k == LINK_DECISION ? DECISION_FIRST : 0;
    put_int(&out->rows, 0);
    sha256_update(&m.all, 1, (const uint8_t *)"RCDAO" + k);
    if (k == LINK_CHANGE && changes && changes->known) add_rows(&m, changes);
    else if (section[k].sql) ok = store_query(s, section[k].sql, &bind, 1, hash_row, &m, e);
    set_int(&out->rows, m.at, m.n);
  }
  uint8_t sum[SHA256_DIGEST_SIZE];
  sha256_digest(&m.all, sizeof sum, sum);
  for (size_t i = 0; i < sizeof sum; i++) {
    static const char digit[] = "0123456789abcdef";
    out->hash[2 * i] = digit[sum[i] >> 4];
    out->hash[2 * i + 1] = digit[sum[i] & 15];
  }
  buf_free(&m.bytes);
  return ok;
}

void link_free(Link *l) {
  buf_free(&l->rows);
  *l = (Link){0};
}

typedef struct Part {
  int64_t first, n;
  const char *row;
} Part;

static bool next_part(Str *rest, Part *p) {
  if (rest->n < 16) return false;
  *p = (Part){get_int(rest->p), get_int(rest->p + 8), rest->p + 16};
  if (p->n < 0 || (uint64_t)p->n > (rest->n - 16) / SHORT) return false;
  size_t used = 16 + (size_t)p->n * SHORT;
  *rest = (Str){rest->p + used, rest->n - used};
  return true;
}

size_t link_compare(Str kept, Str found, const char *head, size_t most, Buf *out) {
  size_t faults = 0;
  for (int k = 0; k < LINK_SECTIONS; k++) {
    Part a, b;
    if (!next_part(&kept, &a) || !next_part(&found, &b)) {
      buf_say(out, "%sthe chain's own list of rows is damaged\n", head);
      return faults + 1;
    }
    /* rows of a run follow each other: when their number differs, the end is short or long, and what moved differs */
    int64_t n = a.n > b.n ? a.n : b.n;
    if (a.n != b.n) {
      if (faults++ < most)
        buf_say(out, "%s%lld of its rows in table %s where %lld were written\n", head, (long long)b.n,
                section[k].name, (long long)a.n);
      continue;
    }
    for (int64_t i = 0; i < n; i++) {
      if (memcmp(a.row + i * SHORT, b.row + i * SHORT, SHORT) == 0) continue;
      if (faults++ >= most) continue;
      if (k == LINK_RUN) buf_say(out, "%sits record in table run was altered\n", head);
      else buf_say(out, "%s%s %lld was altered\n", head, section[k].name, (long long)(a.first + i));
    }
  }
  return faults;
}
