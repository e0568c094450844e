// Which bits samples of two bytes use, by which it is known whether they are in the range of their depth.

#include "clones.h"
#include "cpixels.h"
#include "words.h"

CPIXELS_CLONED uint16_t cpixels_used_bits(const uint8_t *samples, size_t count) {
    const cpixels_word *words = (const cpixels_word *)samples;
    uint16_t used = 0;
    for (size_t x = 0; x < count; x++) used = (uint16_t)(used | words[x]);
    return used;
}
