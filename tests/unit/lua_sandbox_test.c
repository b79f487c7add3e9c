#include "testing.h"

#include "base/stop.h"
#include "lua/quantity.h"
#include "lua/sandbox.h"

#include <string.h>
#include <time.h>

/* One chunk in a state of its own; what it returns as text. */
typedef struct Chunk {
  const char *code;
  char result[512];
} Chunk;

static int open_all(lua_State *L) {
  sandbox_open(L);
  quantity_open(L);
  return 0;
}

static int run_chunk(lua_State *L) {
  Chunk *c = engine_ctx(L);
  engine_load(L, str_of(c->code), "@chunk.lua");
  limit_call(L, 0);
  lua_pushcfunction(L, text_tostring);
  lua_insert(L, -2);
  lua_call(L, 1, 1);
  snprintf(c->result, sizeof c->result, "%s", lua_tostring(L, -1));
  return 0;
}

static bool run(Chunk *c, double seconds, Err *e) {
  Engine eng = {.steps = -1, .file = "chunk.lua", .seed = 7};
  stop_at(seconds);
  bool ok = engine_open(&eng, 32 << 20, e) && engine_do(&eng, open_all, NULL, e) && engine_do(&eng, run_chunk, c, e);
  stop_at(0);
  engine_close(&eng);
  assert_int_equal(eng.budget.used, 0);
  return ok;
}

static void gives(const char *code, const char *result) {
  Chunk c = {.code = code};
  Err e = {0};
  if (!run(&c, 0, &e)) fail_msg("%s\n  failed: %s", code, e.what);
  if (strcmp(c.result, result) != 0) fail_msg("%s\n  gave: %s\n  not:  %s", code, c.result, result);
}

static void fails(const char *code, const char *what) {
  Chunk c = {.code = code};
  Err e = {0};
  if (run(&c, 5, &e)) fail_msg("%s\n  went well: %s", code, c.result);
  if (!strstr(e.what, what)) fail_msg("%s\n  said: %s\n  not:  %s", code, e.what, what);
  err_free(&e);
}

static void only_what_is_allowed_can_be_reached(void **state) {
  (void)state;
  static const char *const GONE[] = {"os", "io", "debug", "package", "require", "load", "loadstring", "loadfile",
                                     "dofile", "collectgarbage", "_G", "module"};
  for (size_t i = 0; i < sizeof GONE / sizeof *GONE; i++) {
    char code[64];
    snprintf(code, sizeof code, "return %s", GONE[i]);
    fails(code, "unknown name");
  }
  gives("return string.dump", "nil");
  gives("return math.randomseed", "nil");
  fails("prnt = 1 return pairss({})", "unknown name pairss");
}

static void an_unknown_name_suggests_a_known_one_and_names_the_line(void **state) {
  (void)state;
  Chunk c = {.code = "local a = 1\nreturn tostrng(a)"};
  Err e = {0};
  assert_false(run(&c, 0, &e));
  assert_string_equal(e.what, "unknown name tostrng");
  assert_int_equal(e.line, 2);
  assert_non_null(strstr(e.todo, "tostring"));
  err_free(&e);
}

static void the_language_stays_as_it_is(void **state) {
  (void)state;
  fails("string.rep = 1", "stays as it is");
  fails("pairs = nil", "stays as it is");
  fails("getmetatable('').__index = 1", "index a boolean");
  fails("setmetatable('', {})", "table expected");
  fails("setmetatable(string, {})", "protected");
  gives("rawset(string, 'upper', function() return 'X' end) return ('a'):upper()", "A");
}

static void every_loop_ends_at_the_deadline(void **state) {
  (void)state;
  static const char *const LOOP[] = {
      "while true do end",
      "while true do pcall(error) end",
      "while true do pcall(function() while true do end end) end",
      "local function h() while true do end end while true do xpcall(error, h) end",
      "local function h() return xpcall(error, h) end while true do xpcall(error, h) end",
      "while true do coroutine.wrap(function() while true do end end)() end",
      "while true do local co = coroutine.create(function() while true do pcall(function() while true do end end) end end)"
      " coroutine.resume(co) end",
      "table.sort({3, 2, 1}, function() while true do end end)",
      "while true do pcall(table.sort, {3, 2, 1}, function() while true do end end) end",
      "('x'):rep(10):gsub('x', function() while true do end end)",
      "local t = setmetatable({}, {__index = function() while true do end end}) return t.x",
      "local t = setmetatable({}, {__close = function() while true do end end}) do local x <close> = t end",
      "local t = setmetatable({}, {__close = function() while true do end end})"
      " while true do pcall(function() local x <close> = t error('x') end) end",
      "local t = setmetatable({}, {__tostring = function() while true do end end}) return tostring(t)",
      "local t = setmetatable({}, {__lt = function() while true do end end}) return table.sort({t, t})",
      "coroutine.wrap(function() local x <close> = setmetatable({}, {__close = function() while true do end end})"
      " while true do end end)()",
      "local f = coroutine.wrap(function() while true do coroutine.yield() end end) while true do f() end",
      "return ('a'):rep(5000):find(('.-'):rep(20) .. 'b')",
      "while true do pcall(string.match, ('a'):rep(5000), ('a*'):rep(20) .. 'b') end",
      "return ('a'):rep(5000):gsub(('.-'):rep(20) .. 'b', '')",
      "for x in ('a'):rep(5000):gmatch(('.-'):rep(20) .. 'b') do end",
      "local co = coroutine.create(function() local x <close> = setmetatable({}, {__close = function() while true do end end})"
      " coroutine.yield() end) coroutine.resume(co) while true do coroutine.close(co) end",
      "goto a ::b:: ::a:: goto b",
      "repeat until false",
      "for i = 1, math.huge do end",
      "local t = {} for i = 1, 3e5 do t[i] = i % 7 end while true do table.sort(t) end",
  };
  for (size_t i = 0; i < sizeof LOOP / sizeof *LOOP; i++) {
    Chunk c = {.code = LOOP[i]};
    Err e = {0};
    struct timespec from, to;
    clock_gettime(CLOCK_MONOTONIC, &from);
    if (run(&c, 0.1, &e)) fail_msg("%s\n  ended by itself: %s", LOOP[i], c.result);
    clock_gettime(CLOCK_MONOTONIC, &to);
    if (e.kind != ERR_TIMEOUT) fail_msg("%s\n  ended with: %s", LOOP[i], e.what);
    assert_string_equal(e.file, "chunk.lua");
    assert_int_equal(e.line, 1);
    assert_true(to.tv_sec - from.tv_sec <= 2);
    err_free(&e);
  }
}

static void loops_that_no_hook_sees_are_refused(void **state) {
  (void)state;
  fails("table.move({}, 1, 2^53, 2)", "more elements than any limit");
  fails("table.insert(setmetatable({}, {__len = function() return 2^53 end}), 1, 0)", "beyond every limit");
  fails("table.remove(setmetatable({}, {__len = function() return 2^53 end}), 1)", "beyond every limit");
  fails("table.concat({}, '', 1, 2^53)", "more elements than any limit");
  fails("table.sort(setmetatable({}, {__len = function() return 2^53 end}))", "beyond every limit");
  gives("return (''):rep(2^53)", "");
  gives("return (''):rep(2^53, '')", "");
}

static void memory_has_a_budget(void **state) {
  (void)state;
  fails("local s = 'x' while true do s = s .. s end", "32 MB of memory");
  fails("local t = {} while true do t[#t + 1] = {} end", "32 MB of memory");
  fails("return ('x'):rep(1e9)", "32 MB of memory");
  fails("return ('x'):rep(1 << 62)", "too large");
  fails("local t = {} for i = 1, 1e5 do t[i] = ('x'):rep(100) end return table.concat(t, ('y'):rep(1e4))", "memory");
  fails("local function f() return f() + 1 end return f()", "memory");
  fails("local s = ('x'):rep(1e6) local t = {} for i = 1, 1e3 do t[i] = s .. i end return 1", "memory");
  fails("while true do pcall(function() local t = {} while true do t[#t + 1] = {} end end) end", "32 MB of memory");
  fails("while true do xpcall(string.rep, tostring, 'x', 1e9) end", "32 MB of memory");
  fails("while true do coroutine.resume(coroutine.create(string.rep), 'x', 1e9) end", "32 MB of memory");
}

static void no_finalizers(void **state) {
  (void)state;
  fails("setmetatable({}, {__gc = function() end})", "__gc is not for scripts");
  gives("local m = {} setmetatable({}, m) m.__gc = function() while true do end end return 'ended'", "ended");
}

static void order_is_defined(void **state) {
  (void)state;
  gives("local s = '' for k in pairs({b = 1, a = 2, [3] = 1, [1] = 1, [2.5] = 1, [true] = 1, [-1] = 1}) do"
        " s = s .. tostring(k) .. ' ' end return s", "-1 1 2.5 3 a b true ");
  gives("local t = {} for i = 1, 50 do t['k' .. i] = i end local a, b = {}, {} for k in pairs(t) do a[#a + 1] = k end"
        " local k = next(t) while k do b[#b + 1] = k k = next(t, k) end return table.concat(a) == table.concat(b)", "true");
  gives("local t = {a = 1, b = 2, c = 3} for k in pairs(t) do t[k] = nil end return next(t)", "nil");
  fails("for k in pairs({[{}] = 1}) do end", "no order");
  gives("local t = {} for i = 1, 2000 do t[i] = {i % 3, i} end table.sort(t, function(a, b) return a[1] < b[1] end)"
        " for i = 2, 2000 do if t[i][1] == t[i - 1][1] and t[i][2] < t[i - 1][2] then return 'not stable' end end"
        " return 'stable'", "stable");
  gives("local t = {5, 2, 8, 1} table.sort(t) return table.concat(t, ' ')", "1 2 5 8");
  gives("local t = {5, 2, 8, 1} table.sort(t, function(a, b) return a > b end) return table.concat(t, ' ')", "8 5 2 1");
}

static void nothing_prints_an_address(void **state) {
  (void)state;
  gives("return tostring({}) .. ' ' .. tostring(pairs) .. ' ' .. tostring(coroutine.create(pairs))", "table function thread");
  gives("return ('%s %5.1f %d %%'):format({}, 1.25, 3)", "table   1.2 3 %");
  fails("return ('%p'):format({})", "address");
}

static void the_same_seed_gives_the_same_numbers(void **state) {
  (void)state;
  Chunk a = {.code = "return math.random(1e9) .. ' ' .. math.random()"}, b = a;
  Err e = {0};
  assert_true(run(&a, 0, &e));
  assert_true(run(&b, 0, &e));
  assert_string_equal(a.result, b.result);
}

static void coroutines_do_as_in_lua(void **state) {
  (void)state;
  gives("local co = coroutine.wrap(function(a) local b = coroutine.yield(a + 1) return b * 2 end) return co(1) .. ' ' .. co(5)", "2 10");
  gives("local co = coroutine.create(function() error('x', 0) end) local ok, e = coroutine.resume(co) return e", "x");
  gives("local co = coroutine.create(function() end) coroutine.resume(co) return (select(2, coroutine.resume(co)))",
        "cannot resume dead coroutine");
  gives("local s = '' local co = coroutine.create(function() local x <close> = setmetatable({}, {__close = function() s = s .. 'closed' end})"
        " coroutine.yield() end) coroutine.resume(co) coroutine.close(co) return s .. coroutine.status(co)", "closeddead");
  gives("local co co = coroutine.create(function() return pcall(coroutine.close, co) end) return select(3, coroutine.resume(co))",
        "cannot close a running coroutine");
  gives("return (pcall(coroutine.wrap(function() return pcall(coroutine.yield) end)))", "true");
  gives("return (coroutine.isyieldable())", "true");
}

static void errors_name_the_line_once(void **state) {
  (void)state;
  Chunk c = {.code = "local x\n\nreturn x.y"};
  Err e = {0};
  assert_false(run(&c, 0, &e));
  assert_string_equal(e.what, "attempt to index a nil value (local 'x')");
  assert_int_equal(e.line, 3);
  assert_string_equal(e.file, "chunk.lua");
  err_free(&e);
  fails("error({})", "raised a table");
  fails("error()", "raised a nil");
  fails("coroutine.yield()", "outside a coroutine");
  fails("while true do pcall(coroutine.yield) end", "outside a coroutine");
  fails("return ('%d'):format(1.5)", "no integer representation");
  fails("x = = 1", "unexpected symbol");
  fails("\x1bLua", "compiled Lua");
}

static void money_keeps_to_itself(void **state) {
  (void)state;
  gives("return money(10) + money('1.005')", "¥ 11.01");
  gives("return money(-0.125) .. ''", "¥ -0.13");
  gives("return money(10) * 0.155 == money(1.55)", "true");
  gives("return money('0.05') / 2", "¥ 0.03");
  gives("return money(3) / money(2)", "1.5");
  gives("return money('50万').amount", "500000.0");
  gives("return money(2) > money(1) and money(2) >= money(2)", "true");
  fails("return money(1) + 1", "cannot be added");
  fails("return money(1) + '1'", "cannot be added");
  fails("return money(1) < 2", "cannot be compared");
  fails("return money(1) * money(1)", "has no meaning");
  fails("return money('15%')", "takes a number");
  fails("return money(1) / 0", "by zero");
  fails("return money(9e18)", "beyond 64 bits");
  fails("return money(1).amont", "unknown field of money");
}

static void dates_are_civil(void **state) {
  (void)state;
  gives("return date '2026-01-31' + '1m'", "2026-02-28");
  gives("return date '2026-11-01' - '7d'", "2026-10-25");
  gives("return date '2026-11-01' - date '2026-10-01'", "31");
  gives("return date(2026, 11, 1).weekday", "7");
  gives("return date '2026-11-01' < date '2026-11-02'", "true");
  fails("return date '2026-02-30'", "is no date");
  fails("return date(2026, 2, 30)", "is no date");
  fails("return date '2026-11-01' + '45min'", "whole days or months");
  gives("return duration '2w' == duration '14d' and duration '1y' == duration '12m'", "true");
  gives("return duration '7d'.days", "7");
  fails("return duration '1m' < duration '30d'", "cannot be compared");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(only_what_is_allowed_can_be_reached),
      cmocka_unit_test(an_unknown_name_suggests_a_known_one_and_names_the_line),
      cmocka_unit_test(the_language_stays_as_it_is),
      cmocka_unit_test(every_loop_ends_at_the_deadline),
      cmocka_unit_test(loops_that_no_hook_sees_are_refused),
      cmocka_unit_test(memory_has_a_budget),
      cmocka_unit_test(no_finalizers),
      cmocka_unit_test(order_is_defined),
      cmocka_unit_test(nothing_prints_an_address),
      cmocka_unit_test(the_same_seed_gives_the_same_numbers),
      cmocka_unit_test(coroutines_do_as_in_lua),
      cmocka_unit_test(errors_name_the_line_once),
      cmocka_unit_test(money_keeps_to_itself),
      cmocka_unit_test(dates_are_civil),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
