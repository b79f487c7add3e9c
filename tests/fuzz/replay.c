/* replay FILE…: gives every file to the target it is linked with. Prints one TAP line a file, so that a file
 * that crashes the target is the first one without a line. */
#include "fuzz.h"

int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++) {
    FILE *f = fopen(argv[i], "rb");
    if (!f) {
      perror(argv[i]);
      return 1;
    }
    fseek(f, 0, SEEK_END);
    long size = ftell(f);
    rewind(f);
    uint8_t *data = malloc(size > 0 ? (size_t)size : 1); /* no byte to spare: a read past the end is seen */
    size_t n = data && size > 0 ? fread(data, 1, (size_t)size, f) : 0;
    fclose(f);
    LLVMFuzzerTestOneInput(data, n);
    free(data);
    printf("ok %d - %s\n", i, argv[i]);
    fflush(stdout);
  }
  printf("1..%d\n", argc - 1);
  return 0;
}
