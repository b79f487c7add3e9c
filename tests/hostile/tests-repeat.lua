-- expect: 1
-- says: x999|many|memory|large|most|repeat|monthly
-- line: none
-- command: mkdir -p $work/t; cp $file $work/t/x_test.lua; printf "return playbook { name = \"x\", metrics = [[ m = sum(revenue, 12m) ]] }" >$work/t/x.lua; ulimit -v 4000000; cd $work/t && timeout 20 $pareto test x_test.lua; c=$?; rm -r $work/t; exit $c
return tests "x" {
  as_of = "2026-11-01",
  case "repeats" { given = { account = [[
    code | name
    C1   | x
  ]], monthly = [[
    revenue C1 1 x99999999999
  ]] }, expect = { untouched = "C1" } },
}
