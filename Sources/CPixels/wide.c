// The same as in samples.c where a sample has more than 12 bits, on either side: sums of eight exceed 16 bits then, and are floats,
// which hold them exactly.

typedef float cpixels_sum;
typedef float cpixels_gathered;

#include "resampling.h"

CPIXELS_INLINE void read_words(
    const cpixels_word *restrict row, int32_t step, const struct cpixels_resampling *how, cpixels_sum *restrict target,
    int32_t columns) {
    const int32_t most = how->source_most, shift = how->source_shift;
    for (int32_t x = 0; x < columns; x++) target[x] = (float)smaller(row[step * x] >> shift, most);
}

CPIXELS_INLINE void write_row(
    const struct cpixels_resampling *how, const struct sums *restrict sums, uint8_t *restrict target, int32_t columns,
    enum cpixels_columns halving, int32_t step, int32_t bytes) {
    const float scale = how->scale, bias = how->bias;
    const int32_t most = how->target_most, shift = how->target_shift;
    for (int32_t x = 0; x < columns; x++) {
        const float value = gathered(sums->columns, x, halving) * scale + bias;
        const int32_t whole = smaller((int32_t)(value > 0 ? value : 0), most);
        put(target, step * x, whole << shift, bytes);
    }
}

CPIXELS_INLINE void write_columns(
    const struct cpixels_resampling *how, const struct sums *sums, uint8_t *target, int32_t columns,
    enum cpixels_columns halving) {
    if (how->target_bytes == 1 && how->target_step == 1) {
        write_row(how, sums, target, columns, halving, 1, 1);
    } else if (how->target_bytes == 1) {
        write_row(how, sums, target, columns, halving, 2, 1);
    } else if (how->target_step == 1) {
        write_row(how, sums, target, columns, halving, 1, 2);
    } else {
        write_row(how, sums, target, columns, halving, 2, 2);
    }
}

CPIXELS_CLONED void cpixels_resample_wide(
    const struct cpixels_resampling *how, const uint8_t *first, const uint8_t *second, int32_t columns, uint8_t *target,
    int32_t target_columns) {
    resample(how, first, second, columns, target, target_columns);
}
