-- expect: 1
-- says: folder|directory|file
-- line: none
-- command: mkdir $work/folder.lua; $pareto run $work/folder.lua $usual --yes; c=$?; rmdir $work/folder.lua; exit $c
return nil
