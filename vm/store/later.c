#include "store/later.h"

#include "store/view.h"

/* The view of the open database, in the place of these callbacks; NULL when it cannot be opened. */
static const FeelHost *open_host(Store *s, Err *e) {
  if (!later_open(s, e)) return NULL;
  s->later = s->host->feel;
  return &s->later;
}

static const FeelHost *open_quietly(Store *s) {
  Err ignored = {0}; /* whoever reads through it next is told */
  const FeelHost *h = open_host(s, &ignored);
  err_free(&ignored);
  return h;
}

static int entity(void *ctx, Str name) {
  (void)ctx;
  const CatEntity *ent = catalog_entity(name);
  return ent ? ent->number : 0;
}

static const HostEntity *entity_info(void *ctx, int of) {
  const FeelHost *h = open_quietly(ctx);
  return h ? h->entity_info(h->ctx, of) : NULL;
}

static const HostField *field(void *ctx, int of, Str name) {
  const FeelHost *h = open_quietly(ctx);
  return h ? h->field(h->ctx, of, name) : NULL;
}

static size_t fields(void *ctx, int of, const HostField *const **list) {
  const FeelHost *h = open_quietly(ctx);
  return h ? h->fields(h->ctx, of, list) : 0;
}

static bool granted(void *ctx, int of, const HostField *f) {
  const FeelHost *h = open_quietly(ctx);
  return h && h->granted(h->ctx, of, f);
}

static bool all(void *ctx, int of, Day asof, Arena *a, const int64_t **id, size_t *n, Err *e) {
  const FeelHost *h = open_host(ctx, e);
  return h && h->all(h->ctx, of, asof, a, id, n, e);
}

static bool in_segment(void *ctx, Str segment, Day asof, const int64_t *id, size_t n, Val *out, Err *e) {
  const FeelHost *h = open_host(ctx, e);
  return h && h->in_segment(h->ctx, segment, asof, id, n, out, e);
}

static bool changed_by(void *ctx, int of, int64_t run, const int64_t *id, size_t n, Val *out, Err *e) {
  const FeelHost *h = open_host(ctx, e);
  return h && h->changed_by(h->ctx, of, run, id, n, out, e);
}

/* Columns, relations and histories are asked for by a HostField, which nobody has before the database is open. */
const FeelHost *later_host(Store *s) {
  if (!s->asleep) return store_host(s);
  s->later = (FeelHost){.ctx = s, .entity = entity, .entity_info = entity_info, .field = field, .fields = fields,
                        .granted = granted, .all = all, .in_segment = in_segment, .changed_by = changed_by};
  return &s->later;
}
