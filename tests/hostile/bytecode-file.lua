-- expect: 1
-- says: text|binary|bytecode|precompiled|compiled
-- line: none
-- command: printf "\\033LuaT\\000\\031\\223\\r\\n\\032\\n" >$work/b.lua; $pareto run $work/b.lua $usual --yes
return nil
