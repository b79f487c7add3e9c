# Routes against the best known (one core, CPU seconds), and visit plans for 300 managers
seconds=${ROUTE_SECONDS:-10}
for set in pvrp vrptw cmt; do
  program=$set ending=txt
  if [ "$set" = cmt ]; then program=cvrp ending=vrp; fi
  if [ ! -d "$shared/data/$set" ]; then skip "$set" "no $shared/data/$set"; continue; fi
  find "$shared/data/$set" -name "*.$ending" ! -name 'FORMAT*' -print0 | sort -z | xargs -0 sh -c '"$@"; true' - "$build/bench/$program" --seconds "$seconds" | sed 's/^/  /'
done
"$build/bench/visits"
