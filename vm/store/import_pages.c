#include "store/import_pages.h"

#include <stddef.h>
#include <string.h>
#include <sys/random.h>

enum {
  MAGIC = 16,      /* what a carrier is known by: other bytes each time */
  HEAD = MAGIC + 8,/* …, u32 lines, u32 bytes of cells */
  LEAF = 0x0D,     /* a leaf of a table */
  LEAF_HEAD = 8,
  MOST_CELL = 1024,
  MOST_COLUMNS = 60,
  MOST_PAGE = 65536,
  CARRIED_BESIDE = 160 /* bytes of a page that the carrier's own header, id and other columns may take */
};

struct Pages {
  sqlite3_io_methods methods; /* of the file, but for what writes; first, so that a file in our hands leads here */
  const sqlite3_io_methods *before;
  sqlite3_file *file;
  Store *s;
  const char *table;
  sqlite3_stmt *insert;
  int ncol;
  int from[MOST_COLUMNS];     /* value that a column of the table gets; -1 = null */
  bool text[MOST_COLUMNS], any[MOST_COLUMNS];
  char *carries;              /* the column of any type that carriers are put into */
  size_t page_size, room;     /* room: bytes of a carrier */
  size_t nline, used;         /* of the page being filled */
  int64_t last;               /* id of the last line */
  int64_t lines;
  bool failed;                /* a page did not hold what it should */
  uint8_t *carrier, *out, *body;
};

/* --- the format of the file: https://sqlite.org/fileformat2.html ---------------------------- */

static inline size_t put_varint(uint8_t *p, uint64_t v) {
  size_t n = 1;
  for (uint64_t rest = v >> 7; rest; rest >>= 7) n++;
  for (size_t i = n; i-- > 0; v >>= 7) p[i] = (uint8_t)((v & 0x7f) | (i + 1 < n ? 0x80 : 0));
  return n;
}

/* 0 when it does not end before `end`, or has nine bytes, which neither ids nor lengths have here. */
static inline size_t get_varint(const uint8_t *p, const uint8_t *end, uint64_t *v) {
  *v = 0;
  for (size_t i = 0; i < 8 && p + i < end; i++) {
    *v = *v << 7 | (p[i] & 0x7f);
    if (!(p[i] & 0x80)) return i + 1;
  }
  return 0;
}

static inline void put_big(uint8_t *p, uint64_t v, size_t n) {
  for (size_t i = n; i-- > 0; v >>= 8) p[i] = (uint8_t)v;
}

static inline uint64_t get_big(const uint8_t *p, size_t n) {
  uint64_t v = 0;
  for (size_t i = 0; i < n; i++) v = v << 8 | p[i];
  return v;
}

/* The serial type of a whole number, and its bytes. */
static inline uint8_t put_int(uint8_t *p, int64_t v, size_t *n) {
  static const uint8_t width[] = {0, 1, 2, 3, 4, 6, 8};
  uint64_t size = v < 0 ? ~(uint64_t)v : (uint64_t)v;
  *n = 0;
  if (v == 0 || v == 1) return (uint8_t)(8 + v);
  uint8_t type = size < 1 << 7 ? 1 : size < 1 << 15 ? 2 : size < 1 << 23 ? 3 : size < UINT64_C(1) << 31 ? 4
               : size < UINT64_C(1) << 47 ? 5 : 6;
  *n = width[type];
  put_big(p, (uint64_t)v, *n);
  return type;
}

/* A cell: length of the record, id, record. 0: it holds something that is stored otherwise. */
static size_t put_cell(const Pages *p, int64_t id, const Val *val, uint8_t *out) {
  uint8_t head[3 * MOST_COLUMNS], *body = p->body;
  size_t nhead = 1, nbody = 0, n;
  for (int c = 0; c < p->ncol; c++) {
    const Val *v = p->from[c] < 0 ? NULL : &val[p->from[c]];
    if (!v || v->t == V_NULL) {
      head[nhead++] = 0;
    } else if (v->t == V_NUM && v->e == 0 && !p->text[c] && nbody + 8 < MOST_CELL) {
      head[nhead++] = put_int(body + nbody, v->u.i, &n);
      nbody += n;
    } else if (v->t == V_TEXT && (p->text[c] || p->any[c]) && !v->flags && nbody + v->n < MOST_CELL) {
      nhead += put_varint(head + nhead, 13 + 2 * (uint64_t)v->n);
      if (v->n) memcpy(body + nbody, v->u.s, v->n);
      nbody += v->n;
    } else {
      return 0;
    }
  }
  head[0] = (uint8_t)nhead;
  if (nhead > 127 || nhead + nbody > MOST_CELL - 24) return 0;
  size_t at = put_varint(out, nhead + nbody);
  at += put_varint(out + at, (uint64_t)id);
  memcpy(out + at, head, nhead);
  memcpy(out + at + nhead, body, nbody);
  return at + nhead + nbody;
}

/* --- a carrier on its way into the file --------------------------------------------------------- */

/* The only cell of a page, when it is one of ours: the bytes that it carries and the id it has. */
static const uint8_t *carried(const Pages *p, const uint8_t *page, uint64_t *id) {
  const uint8_t *end = page + p->page_size;
  uint64_t length;
  if (page[0] != LEAF || get_big(page + 3, 2) != 1) return NULL;
  const uint8_t *cell = page + get_big(page + LEAF_HEAD, 2);
  size_t n = get_varint(cell, end, &length);
  size_t m = n ? get_varint(cell + n, end, id) : 0;
  if (!m || length < p->room || length > (uint64_t)(end - cell - n - m)) return NULL;
  const uint8_t *bytes = cell + n + m + length - p->room;
  return memcmp(bytes, p->carrier, MAGIC) == 0 ? bytes : NULL;
}

/* The page of its lines. False when they are not what they should be: as many as it says, in order of their ids, each
 * record of as many columns as the table has, the last with the id that the tree knows the page by. */
static bool unfold(Pages *p, const uint8_t *bytes, uint64_t id) {
  uint32_t n, used;
  memcpy(&n, bytes + MAGIC, 4);
  memcpy(&used, bytes + MAGIC + 4, 4);
  size_t pointers = LEAF_HEAD + 2 * (size_t)n;
  if (!n || used > p->room - HEAD || pointers + used > p->page_size) return false;
  const uint8_t *cells = bytes + HEAD, *end = cells + used, *at = cells;
  size_t start = p->page_size - used;
  uint64_t before = 0, length, now = 0;
  for (uint32_t i = 0; i < n; i++, before = now) {
    put_big(p->out + LEAF_HEAD + 2 * (size_t)i, start + (size_t)(at - cells), 2);
    size_t a = get_varint(at, end, &length), b = a ? get_varint(at + a, end, &now) : 0;
    if (!b || now <= before || length > (uint64_t)(end - at - a - b) || at[a + b] < p->ncol + 1) return false;
    at += a + b + length;
  }
  if (at != end || now != id) return false;
  p->out[0] = LEAF;
  put_big(p->out + 1, 0, 2);
  put_big(p->out + 3, n, 2);
  put_big(p->out + 5, start == 65536 ? 0 : start, 2);
  p->out[7] = 0;
  memset(p->out + pointers, 0, start - pointers);
  memcpy(p->out + start, cells, used);
  return true;
}

static int write_page(sqlite3_file *file, const void *data, int n, sqlite3_int64 offset) {
  Pages *p = (Pages *)(uintptr_t)file->pMethods;
  uint64_t id;
  const uint8_t *bytes = (size_t)n == p->page_size && offset ? carried(p, data, &id) : NULL;
  if (bytes && unfold(p, bytes, id)) data = p->out;
  else if (bytes) p->failed = true;
  return p->before->xWrite(file, data, n, offset);
}

static void hold_file(Pages *p) {
  p->before = p->file->pMethods;
  p->methods = *p->before;
  p->methods.xWrite = write_page;
  p->file->pMethods = &p->methods;
}

static void release_file(Pages *p) {
  if (p->before) p->file->pMethods = p->before;
  p->before = NULL;
}

/* --- lines -------------------------------------------------------------------------------------- */

static bool flush(Pages *p, Err *e) {
  if (!p->nline) return true;
  uint32_t head[2] = {(uint32_t)p->nline, (uint32_t)p->used};
  memcpy(p->carrier + MAGIC, head, sizeof head);
  p->nline = p->used = 0;
  int rc = sqlite3_bind_int64(p->insert, 1, p->last);
  if (rc == SQLITE_OK) rc = sqlite3_bind_blob(p->insert, 2, p->carrier, (int)p->room, SQLITE_STATIC);
  if (rc == SQLITE_OK) sqlite3_step(p->insert);
  rc = sqlite3_reset(p->insert);
  return rc == SQLITE_OK || sql_err(p->s, rc, e);
}

bool pages_add(Pages *p, int64_t id, const Val *val, bool *taken, Err *e) {
  uint8_t cell[MOST_CELL + 32];
  size_t n = id > p->last ? put_cell(p, id, val, cell) : 0;
  *taken = n > 0;
  if (!n) return true;
  bool full = HEAD + p->used + n > p->room || LEAF_HEAD + 2 * (p->nline + 1) + p->used + n > p->page_size;
  if (full && !flush(p, e)) return false;
  memcpy(p->carrier + HEAD + p->used, cell, n);
  p->used += n;
  p->nline++;
  p->lines++;
  p->last = id;
  return true;
}

/* --- what has to hold, before and after ------------------------------------------------------------- */

static bool text_of(Store *s, const char *sql, char *out, size_t cap, Err *e) {
  Arena a = {0};
  Val v = val_null();
  bool ok = store_value(s, sql, NULL, 0, &a, &v, e);
  *out = 0;
  if (ok && v.t == V_TEXT && v.n < cap) memcpy(out, v.u.s, v.n), out[v.n] = 0;
  arena_free(&a);
  return ok;
}

/* name, type, not null, default, hidden: columns in the order of the table. */
typedef struct Columns { Pages *p; const char *const *name; size_t n; bool known; } Columns;

static bool take_column(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol, (void)name, (void)e;
  Columns *c = ctx;
  Pages *p = c->p;
  if (p->ncol == MOST_COLUMNS || val[3].t != V_NULL || val[4].u.i) {
    c->known = false;
    return true;
  }
  int at = p->ncol++;
  p->from[at] = -1;
  for (size_t i = 0; i < c->n; i++)
    if (str_is(val_str(val[0]), c->name[i])) p->from[at] = (int)i;
  p->text[at] = str_is(val_str(val[1]), "TEXT");
  p->any[at] = str_is(val_str(val[1]), "ANY");
  bool whole = str_is(val_str(val[1]), "INTEGER"), is_id = at == 0 && str_is(val_str(val[0]), "id");
  if (!p->text[at] && !p->any[at] && !whole) c->known = false;
  if (p->from[at] < 0 && val[2].u.i && !is_id) c->known = false;
  if (p->any[at] && !p->carries) p->carries = mem_strndup(val[0].u.s, val[0].n);
  return true;
}

/* The table is empty and what its definition asks of a line is what this writes. */
static bool table_fits(Pages *p, const char *const *column, size_t n, bool *fits, Err *e) {
  Columns c = {p, column, n, true};
  Buf sql = {0};
  Arena a = {0};
  Val v = val_null(), name = val_text(str_of(p->table));
  bool ok = store_query(p->s, "SELECT name, type, \"notnull\", dflt_value, hidden FROM pragma_table_xinfo(?1) ORDER BY cid",
                        &name, 1, take_column, &c, e);
  buf_printf(&sql,
             "SELECT NOT EXISTS(SELECT 1 FROM \"%s\") AND NOT EXISTS(SELECT 1 FROM pragma_index_list('%s')) AND"
             " NOT EXISTS(SELECT 1 FROM pragma_foreign_key_list('%s')) AND EXISTS(SELECT 1 FROM sqlite_schema WHERE"
             " name = '%s' AND type = 'table' AND sql LIKE '%%CHECK(day = id / 10000000)) STRICT' AND"
             " sql NOT LIKE '%%CHECK%%CHECK%%')",
             p->table, p->table, p->table, p->table);
  ok = ok && store_value(p->s, sql.p, NULL, 0, &a, &v, e);
  *fits = ok && c.known && p->carries && v.t == V_NUM && v.u.i == 1;
  buf_free(&sql);
  arena_free(&a);
  return ok;
}

static bool file_fits(Pages *p, bool *fits, Err *e) {
  char mode[16], encoding[16];
  int reserved = -1;
  Arena a = {0};
  Val size = val_null();
  bool ok = text_of(p->s, "PRAGMA journal_mode", mode, sizeof mode, e) &&
            text_of(p->s, "PRAGMA encoding", encoding, sizeof encoding, e) &&
            store_value(p->s, "PRAGMA page_size", NULL, 0, &a, &size, e);
  arena_free(&a);
  *fits = false;
  if (!ok || strcmp(mode, "delete") != 0 || strcmp(encoding, "UTF-8") != 0 || size.t != V_NUM) return ok;
  p->page_size = (size_t)size.u.i;
  sqlite3_file_control(p->s->db, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved);
  sqlite3_file_control(p->s->db, "main", SQLITE_FCNTL_FILE_POINTER, &p->file);
  *fits = reserved == 0 && p->page_size >= 4096 && p->page_size <= MOST_PAGE / 2 && p->file && p->file->pMethods;
  return true;
}

static bool prepare(Pages *p, Err *e) {
  Buf sql = {0};
  buf_printf(&sql, "INSERT INTO \"%s\"(id, account, day, \"%s\") VALUES(?1, 0, ?1 / 10000000, ?2)", p->table, p->carries);
  int rc = sqlite3_prepare_v3(p->s->db, sql.p, -1, SQLITE_PREPARE_PERSISTENT, &p->insert, NULL);
  buf_free(&sql);
  return rc == SQLITE_OK || sql_err(p->s, rc, e);
}

static bool fits_here(Pages *p, const char *const *column, size_t n, bool *fits, Err *e) {
  bool before = p->s->host_sql;
  p->s->host_sql = true; /* PRAGMA */
  bool ok = file_fits(p, fits, e) && (!*fits || table_fits(p, column, n, fits, e));
  p->s->host_sql = before;
  return ok;
}

bool pages_open(Store *s, const char *table, const char *const *column, size_t n, Pages **out, Err *e) {
  Pages *p = mem_zalloc(1, sizeof *p);
  bool fits = false;
  *out = NULL;
  p->s = s;
  p->table = table;
  bool ok = fits_here(p, column, n, &fits, e);
  if (ok && fits) {
    p->room = p->page_size - CARRIED_BESIDE;
    p->carrier = mem_zalloc(p->room, 1);
    p->out = mem_alloc(p->page_size);
    p->body = mem_zalloc(MOST_CELL, 1);
    fits = getrandom(p->carrier, MAGIC, 0) == MAGIC;
  }
  if (!ok || !fits || !(ok = prepare(p, e))) {
    pages_close(p);
    return ok;
  }
  hold_file(p);
  *out = p;
  return true;
}

/* SQLite's own copies of the pages are of carriers, so they go: all are written, then all are forgotten. */
bool pages_end(Pages *p, bool *held, Err *e) {
  if (!flush(p, e)) return false;
  sqlite3_finalize(p->insert);
  p->insert = NULL;
  *held = sqlite3_db_cacheflush(p->s->db) == SQLITE_OK && !p->failed;
  sql_forget(p->s);
  sqlite3_db_release_memory(p->s->db);
  release_file(p);
  if (!*held) return true;
  Buf sql = {0};
  Arena a = {0};
  Val n = val_null();
  buf_printf(&sql, "SELECT count(*) FROM \"%s\"", p->table);
  bool ok = store_value(p->s, sql.p, NULL, 0, &a, &n, e);
  *held = ok && n.t == V_NUM && n.u.i == p->lines;
  buf_free(&sql);
  arena_free(&a);
  return ok;
}

void pages_close(Pages *p) {
  if (!p) return;
  release_file(p);
  sqlite3_finalize(p->insert);
  mem_free(p->carries);
  mem_free(p->carrier);
  mem_free(p->out);
  mem_free(p->body);
  mem_free(p);
}
