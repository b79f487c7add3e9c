-- expect: 0
-- says: sheet1.xml
-- never: 13900000001
-- never: 王建国
-- line: none
-- command: for f in csv tsv json jsonl md line html xlsx; do for c in 'code, name, phone' '*'; do $pareto query "code = 'P1'" --of contact --columns "$c" --format $f --output q.$f $usual; done; $pareto export contact --format $f --output e.$f $usual; $pareto run $file --format $f --output r.$f $usual --yes; done; cat q.[!x]* e.[!x]* r.[!x]*; for x in *.xlsx; do python3 -c 'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); [print(n, z.read(n).decode()) for n in z.namelist() if "theme" not in n and "styles" not in n]' $x; done; rm -f q.* e.* r.*
return playbook {
  name = "hostile-masked-xlsx",
  of = "contact",
  run = function(book)
    book:show("Whose", book.all:show "code, account.code")
    book:show("People", book.all:show "code, name, phone")
  end,
}
