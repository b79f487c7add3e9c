#include "model/waterfall.h"

#include "base/mem.h"

static const int64_t MOST = 900000000000000; /* sums of a thousand such still fit */

int64_t water_part(int64_t x, int64_t share) {
  __int128 p = (__int128)x * share, half = WATER_WHOLE / 2;
  return (int64_t)((p < 0 ? p - half : p + half) / WATER_WHOLE);
}

static bool largest(const __int128 *rest, const bool *given, size_t n, size_t *at) {
  bool found = false;
  for (size_t i = 0; i < n; i++)
    if (!given[i] && (!found || rest[i] > rest[*at])) *at = i, found = true;
  return found;
}

bool water_spread(int64_t total, const int64_t *weight, size_t n, int64_t *out) {
  __int128 all = 0;
  for (size_t i = 0; i < n; i++) {
    if (weight[i] < 0) return false;
    all += weight[i];
  }
  if (!n) return total == 0;
  bool even = all == 0;
  if (even) all = (__int128)n;
  int64_t sign = total < 0 ? -1 : 1, left = total * sign;
  __int128 *rest = mem_alloc(n * sizeof *rest), size = left;
  bool *given = mem_zalloc(n, sizeof *given);
  for (size_t i = 0; i < n; i++) {
    __int128 share = size * (even ? 1 : weight[i]);
    out[i] = (int64_t)(share / all);
    rest[i] = share % all;
    left -= out[i];
  }
  for (size_t at = 0; left > 0 && largest(rest, given, n, &at); left--) out[at]++, given[at] = true;
  for (size_t i = 0; i < n; i++) out[i] *= sign;
  mem_free(rest);
  mem_free(given);
  return true;
}

static bool amount(int64_t x) { return x >= 0 && x < MOST; }
static bool part(int64_t x) { return x >= 0 && x <= WATER_WHOLE; }

static bool possible(const WaterLine *line, size_t n, WaterTerms t) {
  if (!amount(t.bundle) || !amount(t.freight) || !part(t.rebate) || t.interest < 0 || t.payment_days < 0) return false;
  for (size_t i = 0; i < n; i++)
    if (!amount(line[i].list) || !amount(line[i].net) || !amount(line[i].cost) || !amount(line[i].freight) ||
        !part(line[i].agreement) || !part(line[i].volume))
      return false;
  return n > 0;
}

/* Interest on what is paid `days` later, on a year of 365. */
static int64_t waiting(int64_t x, int32_t interest, int32_t days) {
  __int128 p = (__int128)x * interest * days, by = (__int128)WATER_WHOLE * 365;
  return (int64_t)((p < 0 ? p - by / 2 : p + by / 2) / by);
}

bool waterfall(const WaterLine *line, size_t n, WaterTerms t, int64_t *out) {
  if (!possible(line, n, t)) return false;
  int64_t *net = mem_alloc(3 * n * sizeof *net), *bundle = net + n, *freight = bundle + n;
  for (size_t i = 0; i < n; i++) net[i] = line[i].net;
  bool ok = water_spread(t.bundle, net, n, bundle) && water_spread(t.freight, net, n, freight);
  for (size_t i = 0; ok && i < n; i++) {
    const WaterLine *l = &line[i];
    int64_t *o = out + i * WATER_STEPS, left = l->list;
    o[WATER_LIST] = l->list;
    left -= o[WATER_AGREEMENT] = water_part(left, l->agreement);
    left -= o[WATER_VOLUME] = water_part(left, l->volume);
    o[WATER_ASKED] = left - l->net;
    left = l->net;
    left -= o[WATER_BUNDLE] = bundle[i];
    int64_t paid = left;
    left -= o[WATER_REBATE] = water_part(paid, t.rebate);
    left -= o[WATER_FREIGHT] = l->freight + freight[i];
    left -= o[WATER_TERMS] = waiting(paid, t.interest, t.payment_days);
    o[WATER_POCKET] = left;
    o[WATER_COST] = l->cost;
  }
  mem_free(net);
  return ok;
}
