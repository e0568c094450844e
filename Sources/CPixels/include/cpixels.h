// The pixel kernels: plain loops over rows that the caller gives. They allocate nothing, keep no state, and touch no
// byte outside the rows as they are described here; rows need no alignment. Sources and targets must not overlap.
//
// Thread-safety: any number of calls at once.

#ifndef CPIXELS_H
#define CPIXELS_H

#include <stdint.h>

/// Where the chroma samples stand that halving makes (H.264 figure E-1).
enum cpixels_location {
    /// On the even columns: [1 2 1] / 4 around each, the row's edges repeated.
    cpixels_location_left = 0,
    /// Between two columns: the mean of the two, the row's last column repeated.
    cpixels_location_center = 1,
};

/// What the alpha of packed pixels does to their colors.
enum cpixels_alpha {
    /// Nothing.
    cpixels_alpha_ignored = 0,
    /// They are laid over the background: `(color * alpha + background * (255 - alpha)) / 255`, rounded.
    cpixels_alpha_over = 1,
    /// As before, when they are multiplied by alpha already.
    cpixels_alpha_premultiplied_over = 2,
    /// They are multiplied by alpha, and are divided by it.
    cpixels_alpha_unpremultiplied = 3,
};

/// How the bytes of a packed pixel stand, what each weighs in Y, Cb and Cr, and how those are written.
struct cpixels_packed {
    /// 3 or 4; alpha is ignored if 3.
    int32_t bytes_per_pixel;
    /// The place of the first of three adjacent color bytes: 1 if a byte of alpha or padding stands before, else 0.
    int32_t first_color;
    /// What is done about alpha, which is the byte that is no color.
    enum cpixels_alpha alpha;
    /// The color behind transparent pixels, as the word that a pixel of it would be.
    uint32_t background;
    /// Bits of a sample: 8; or 10 or 12, which are written as two bytes, the low one first.
    int32_t depth;
    /// The weights of the three color bytes, in the order in which they stand, of 8-bit samples in units of 1/32768; of
    /// others in units of 1/524288 and of 256ths of what there are values.
    int32_t luma[3];
    int32_t cb[3];
    int32_t cr[3];
    /// What luma is for black: 16 (64, 256) in limited range, 0 in full range.
    int32_t black;
};

/// Y, Cb and Cr rows of one picture. A row is written up to its number of columns and not beyond.
struct cpixels_rows {
    /// The first luma row.
    uint8_t *luma;
    /// The second luma row, or null if it is not wanted.
    uint8_t *second_luma;
    /// The blue-difference row.
    uint8_t *cb;
    /// The red-difference row.
    uint8_t *cr;
    /// Luma columns to write; no more than the source has.
    int32_t luma_columns;
    /// Chroma columns to write; no more than the source's, or half of them, rounded up.
    int32_t chroma_columns;
};

/// Two rows of packed RGB to two rows of luma and one of chroma, each chroma sample from the filtered sum of its RGB.
/// With both rows the same this is 4:2:2, and 4:2:0 of an odd last row.
void cpixels_packed_to_halved(
    const struct cpixels_packed *format, enum cpixels_location location, const uint8_t *first, const uint8_t *second,
    int32_t columns, const struct cpixels_rows *target);

/// One row of packed RGB to one row of each of Y, Cb and Cr.
void cpixels_packed_to_full(
    const struct cpixels_packed *format, const uint8_t *source, const struct cpixels_rows *target);

/// A row of half the columns from two rows: halved as `location` says, their mean downwards, rounded once.
/// With both rows the same this halves one row.
void cpixels_halve(
    enum cpixels_location location, const uint8_t *first, const uint8_t *second, int32_t columns, uint8_t *target,
    int32_t target_columns);

/// The rounded mean of two rows.
void cpixels_mean(const uint8_t *first, const uint8_t *second, uint8_t *target, int32_t columns);

/// Which columns of a source become one of the target.
enum cpixels_columns {
    /// Each for itself.
    cpixels_columns_all = 0,
    /// Half of them, as by `cpixels_location_left`, times four.
    cpixels_columns_left = 1,
    /// Half of them, as by `cpixels_location_center`, times four.
    cpixels_columns_center = 2,
};

/// How samples become other samples.
struct cpixels_resampling {
    /// Bytes of a source sample, 1 or 2, the low one first.
    int32_t source_bytes;
    /// 1, or 2 if every second sample is read.
    int32_t source_step;
    /// How far the bits of a two-byte source sample are to be shifted down.
    int32_t source_shift;
    /// The largest value of a source sample, at most 4095; what is larger counts as that.
    uint16_t source_most;
    /// Bytes of a target sample, 1 or 2, the low one first.
    int32_t target_bytes;
    /// The largest value of a target sample; what would be larger becomes that.
    int32_t target_most;
    /// Which columns are summed up.
    enum cpixels_columns columns;
    /// Whether a sum becomes `(sum * multiplier + offset) / divisor`, at least 0 and rounded down, else
    /// `((sum << multiplier) + offset) >> divisor`. The dividend has no more than 24 bits, or 16 if it is shifted.
    int32_t divides;
    int32_t multiplier;
    int32_t offset;
    int32_t divisor;
};

/// A row of samples from one row, or from the sum of two; `second` is null for one. Columns beyond the edges repeat the
/// first and the last one.
void cpixels_resample(
    const struct cpixels_resampling *how, const uint8_t *first, const uint8_t *second, int32_t columns, uint8_t *target,
    int32_t target_columns);

/// The alpha of a row of four-byte pixels, in which it stands at `place`.
void cpixels_packed_to_alpha(const uint8_t *pixels, int32_t place, uint8_t *target, int32_t columns);

#endif
