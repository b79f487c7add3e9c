-- `pareto test concession-judge`. Figures are worked out by hand beside the cases.
return tests "concession-judge" {
  as_of = "2026-10-25",

  decide "authority" [[
    区域 | 客户级别 | 产品线   | 成交额 | 优惠深度 | 让利额 || 审批人   | because
    江苏 | A        | ['软件'] | 300万  | 12%      | 36万   || 省       |
    上海 | A        | ['软件'] | 300万  | 12%      | 36万   || 总部     |
    上海 | A        | ['软件'] | 300万  | 19%      | 57万   || 拒绝     | no row is no authority
    上海 | A        | ['软件'] | null   | 1%       | 10     || 拒绝     | what is not known earns nothing
  ]],
}
