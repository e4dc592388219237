#ifndef EDVIZ_LIBFUZZER_H
#define EDVIZ_LIBFUZZER_H

#include <stddef.h>
#include <stdint.h>

// libFuzzer as a library (https://llvm.org/docs/LibFuzzer.html): reads its options and folders from the arguments,
// runs `one_input` on one input after another and ends the process with a status.
int LLVMFuzzerRunDriver(int *argument_count, char ***arguments,
                        int (*one_input)(const uint8_t *bytes, size_t count));

#endif
