#include "run/recall.h"

#include "run/json.h"

static bool definition_text(Store *s, int64_t id, Arena *a, Str *out, Err *e) {
  Val v, bind = val_int(id);
  if (!store_value(s, "SELECT text FROM definition WHERE id = ?1", &bind, 1, a, &v, e)) return false;
  *out = v.t == V_TEXT ? val_str(v) : (Str){0};
  return true;
}

bool recall(Store *s, const DecisionRef *d, Arena *a, Recalled *out, Err *e) {
  Str text, *name;
  Val *in;
  size_t n;
  Day asof;
  *out = (Recalled){0};
  if (!definition_text(s, d->definition, a, &text, e) || !rules_restore(store_host(s), text, &out->saved, e)) return false;
  Rules *r = out->saved.rules[out->saved.n - 1];
  out->table = rules_table_info(r, d->table);
  if (!out->table || !json_read(d->inputs, a, &name, &in, &n) || n != out->table->nin || !day_parse(d->run.asof, &asof))
    return err_set(e, ERR_FAIL, "the decision of run %lld is damaged", (long long)d->run.id);
  out->in = in;
  out->ev = eval_new(r, asof);
  return true;
}

void recall_free(Recalled *r) {
  eval_free(r->ev);
  saved_free(&r->saved);
}

bool recallable(Store *s, Str definition, Str table) {
  SavedRules saved = {0};
  Err none = {0};
  bool ok = rules_restore(store_host(s), definition, &saved, &none) && rules_table_info(saved.rules[saved.n - 1], table);
  err_free(&none);
  saved_free(&saved);
  return ok;
}

Str recall_words(Store *s, const DecisionRef *d, Arena *a) {
  Recalled r;
  Err none = {0};
  Buf b = {0};
  if (recall(s, d, a, &r, &none)) decision_why(r.ev, r.table, (int32_t)d->hit, (int32_t)d->blocked, r.in, &b);
  Str words = str_trim(buf_view(&b));
  words = (Str){arena_strndup(a, words.n ? words.p : "", words.n), words.n};
  recall_free(&r);
  buf_free(&b);
  err_free(&none);
  return words;
}

bool recall_version(Store *s, Str what, Str table, Arena *a, Str *day, Err *e) {
  Val v, bind[] = {val_text(table), val_text(what)};
  static const char sql[] = "SELECT substr(r.at, 1, 10) FROM decision d JOIN run r ON r.id = d.run "
                            "WHERE d.tbl = ?1 AND r.what = ?2 AND r.status <> 'undone' ORDER BY d.id DESC LIMIT 1";
  if (!store_value(s, sql, bind, 2, a, &v, e)) return false;
  *day = v.t == V_TEXT ? val_str(v) : (Str){0};
  return true;
}
