-- `pareto test price-waterfall`. The steps themselves are held by tests/cli/prices.txt.
return tests "price-waterfall" {
  as_of = "2026-11-01",

  decide "guidance" [[
    客户级别 | 产品线           || target | normal | floor
    A        | ['硬件']         || 8%     | 15%    | 25%
    C        | ['服务', '软件'] || 2%     | 5%     | 10%
    C        | ['服务', '硬件'] || 5%     | 10%    | 18%
    null     | ['硬件']         || 0%     | 0%     | 0%
  ]],
}
