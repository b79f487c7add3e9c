#include "base/lang.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The head of a .mo: magic, revision, count, where the originals' table is, where the translations'. A table's entry
 * is a length and the place of a text that ends in NUL; originals are sorted by strcmp. */
enum { AT_COUNT = 8, AT_ORIGINALS = 12, AT_TRANSLATIONS = 16, HEAD = 28, ENTRY = 8 };
#define MAGIC 0x950412deU

static const LangCatalogue *used;
static size_t count;
static int english;

static uint32_t word(const LangCatalogue *c, size_t at) {
  const unsigned char *p = c->mo + at;
  return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static const char *text_at(size_t table, size_t i) {
  return (const char *)used->mo + word(used, word(used, table) + i * ENTRY + 4);
}

static bool sound(const LangCatalogue *c) {
  if (c->n < HEAD || word(c, 0) != MAGIC) return false;
  size_t n = word(c, AT_COUNT);
  for (size_t table = AT_ORIGINALS; table <= AT_TRANSLATIONS; table += 4) {
    size_t from = word(c, table);
    if (from > c->n || n > (c->n - from) / ENTRY) return false;
    for (size_t i = 0; i < n; i++) {
      size_t len = word(c, from + i * ENTRY), at = word(c, from + i * ENTRY + 4);
      if (at >= c->n || len >= c->n - at || c->mo[at + len]) return false;
    }
  }
  return true;
}

const char *lang_name(void) { return used ? used->name : "en"; }

int lang_plain(int by) { return english += by; }

const char *lang_text(const char *msgid) {
  if (!used || english || !msgid || !*msgid) return msgid; /* the empty text's translation is the catalogue's head */
  size_t from = 0, to = count;
  while (from < to) {
    size_t mid = from + (to - from) / 2;
    int d = strcmp(msgid, text_at(AT_ORIGINALS, mid));
    if (d == 0) return text_at(AT_TRANSLATIONS, mid);
    if (d < 0) to = mid;
    else from = mid + 1;
  }
  return msgid;
}

/* Is `locale` (zh_CN.UTF-8, zh-Hans) of the language `name`? */
static bool speaks(const char *locale, size_t n, const char *name) {
  size_t len = strlen(name);
  return n >= len && memcmp(locale, name, len) == 0 && (n == len || strchr("_-.@", locale[len]));
}

static bool take(const LangCatalogue *all, const char *locale, size_t n) {
  used = NULL;
  if (speaks(locale, n, "en") || speaks(locale, n, "C") || speaks(locale, n, "POSIX")) return true;
  for (const LangCatalogue *c = all; c->name; c++)
    if (speaks(locale, n, c->name) && sound(c)) {
      used = c;
      count = word(c, AT_COUNT);
      return true;
    }
  return false;
}

static const char *locale_of_messages(void) {
  static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    const char *v = getenv(names[i]);
    if (v && *v) return v;
  }
  return "C";
}

bool lang_use(const LangCatalogue *all, const char *wanted) {
  if (wanted) return take(all, wanted, strlen(wanted));
  const char *locale = locale_of_messages(), *list = getenv("LANGUAGE");
  bool plain = strcmp(locale, "C") == 0 || strcmp(locale, "POSIX") == 0;
  while (!plain && list && *list) { /* zh_CN:en */
    size_t n = strcspn(list, ":");
    if (n && take(all, list, n)) return true;
    list += n + (list[n] == ':');
  }
  take(all, locale, strlen(locale));
  return true;
}
