// The pixel kernels: plain loops over rows that the caller gives. They do not allocate, keep no state, and access no bytes
// outside the rows as they are described here; rows need no alignment. Sources and targets must not overlap.
//
// Thread-safety: any number of calls at once.

#ifndef CPIXELS_H
#define CPIXELS_H

#include <stddef.h>
#include <stdint.h>

/// The location of the chroma samples after halving (H.264 figure E-1).
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

/// The byte order of a packed pixel, the weights of each color in Y, Cb and Cr, and how those are written.
struct cpixels_packed {
    /// 3 or 4; alpha is ignored if 3.
    int32_t bytes_per_pixel;
    /// The place of the first of three adjacent color bytes: 1 after a byte of alpha or padding, else 0.
    int32_t first_color;
    /// The treatment of alpha, which is the byte without a color.
    enum cpixels_alpha alpha;
    /// The background color of transparent pixels, as the word of such a pixel.
    uint32_t background;
    /// Bits of a sample: 8; or 10 or 12, which are written as two bytes, the low one first.
    int32_t depth;
    /// The weights of the three color bytes, in memory order, of 8-bit samples in units of 1/32768; of others in units of
    /// 1/524288 and of 256ths of the number of values.
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
    /// The largest value of a source sample, at most 4095; what is larger counts as that. At most 65535 if it is wide.
    uint16_t source_most;
    /// Bytes of a target sample, 1 or 2, the low one first.
    int32_t target_bytes;
    /// 1, or 2 if every second sample is written.
    int32_t target_step;
    /// How far the bits of a two-byte target sample are shifted up.
    int32_t target_shift;
    /// The largest value of a target sample, before it is shifted; what would be larger becomes that.
    int32_t target_most;
    /// Which columns are summed up.
    enum cpixels_columns columns;
    /// Whether a sum becomes `(sum * multiplier + offset) / divisor`, at least 0 and rounded down, else
    /// `((sum << multiplier) + offset) >> divisor`. The dividend has no more than 24 bits, or 16 if it is shifted.
    int32_t divides;
    int32_t multiplier;
    int32_t offset;
    int32_t divisor;
    /// Whether source or target have more than 12 bits: a sum becomes `sum * scale + bias`, rounded down.
    int32_t is_wide;
    float scale;
    float bias;
};

/// A row of samples from one row, or from the sum of two; `second` is null for one. Columns beyond the edges repeat the
/// first and the last one.
void cpixels_resample(
    const struct cpixels_resampling *how, const uint8_t *first, const uint8_t *second, int32_t columns, uint8_t *target,
    int32_t target_columns);

/// The same where `is_wide`.
void cpixels_resample_wide(
    const struct cpixels_resampling *how, const uint8_t *first, const uint8_t *second, int32_t columns, uint8_t *target,
    int32_t target_columns);

/// The alpha of a row of four-byte pixels, in which alpha is the byte `place`.
void cpixels_packed_to_alpha(const uint8_t *pixels, int32_t place, uint8_t *target, int32_t columns);

/// The layout of Y, Cb and Cr of a row, the weights of each in red, green and blue, and how those are written.
///
/// Colors and chroma are named by their places in a pixel: of bgra, the first color is blue, the first chroma Cb; of
/// rgba they are red and Cr. Weights are in units of 1/8192, of samples of any depth that are shifted up to 16 bits, and
/// of 256ths of an 8-bit color.
struct cpixels_unpacking {
    /// Pixels of a row.
    int32_t columns;
    /// Chroma samples of a row: `columns`, or half of them, rounded up.
    int32_t chroma_columns;
    /// All, or half of them: on the even columns, or between two. Between samples it is interpolated; the edges repeat.
    enum cpixels_columns chroma;
    /// Bits of a sample: 8; or 10 or 12, of two bytes, the low one first. What is larger counts as the largest value.
    int32_t depth;
    /// How far the bits of a two-byte sample are to be shifted down.
    int32_t shift;
    /// 1, or 2 if Cb and Cr are interleaved.
    int32_t chroma_step;
    /// Whether the planes hold the middle, first and last color themselves.
    int32_t is_identity;
    /// 3 or 4; the byte without a color becomes 255, or the row's alpha.
    int32_t bytes_per_pixel;
    /// The place of the first of three adjacent color bytes: 1 after alpha, else 0.
    int32_t first_color;
    /// The weight of luma in every color, and what is added: 32nds of a color, for black and for rounding.
    int32_t luma;
    int32_t offset;
    /// The weights of the first chroma in the first color, of both in the middle one, and of the last in the last one.
    /// Neighbors differ in their types, for compilers that pair what is alike and then forget how small the numbers are.
    int32_t first;
    int32_t middle_by_first;
    int16_t middle_by_last;
    int16_t last;
};

/// The rows of one kind of chroma on either side of a row of luma; both are the same where chroma has every row.
struct cpixels_chroma_rows {
    const uint8_t *near;
    const uint8_t *far;
    /// What the near one weighs, in quarters: 2, 3 or 4; the other weighs the rest.
    int32_t near_weight;
};

/// A row of Y, Cb and Cr.
struct cpixels_planar_row {
    const uint8_t *luma;
    /// The chroma; null near rows mean no chroma.
    struct cpixels_chroma_rows first;
    struct cpixels_chroma_rows last;
    /// 8-bit alpha, only for pixels of four bytes; null if it is 255 everywhere.
    const uint8_t *alpha;
};

/// One row of packed RGB from one row of luma and what chroma there is about it.
void cpixels_planar_to_packed(
    const struct cpixels_unpacking *format, const struct cpixels_planar_row *row, uint8_t *target);

/// What the samples of deep RGB are.
enum cpixels_deep_samples {
    /// Whole numbers of one or two bytes, the low one first.
    cpixels_deep_integers = 0,
    /// Three of 10 bits in a word of four bytes.
    cpixels_deep_bits = 1,
    /// Floats of four bytes, from 0 to 1; what is out of that range counts as the nearest of it.
    cpixels_deep_floats = 2,
};

/// The layout of RGB that is not of 8-bit samples side by side, and the weights of each color.
struct cpixels_deep {
    enum cpixels_deep_samples samples;
    /// Bytes of a sample, or of the word.
    int32_t sample_bytes;
    /// Samples from one of a component to its next: 1 in planes, else 3 or 4 (of whole numbers of two bytes and of floats).
    int32_t step;
    /// The lowest bit of each color in a word.
    int32_t red_shift, green_shift, blue_shift;
    /// The largest value of a sample.
    float most;
    /// The treatment of alpha.
    enum cpixels_alpha alpha;
    /// The background's red, green and blue, in the samples' range.
    float background[3];
    /// Bits of a sample of Y, Cb and Cr: 8; or 10 or 12, which are written as two bytes, the low one first.
    int32_t depth;
    /// The weights of red, green and blue, and what is added, with the half that rounds: in steps of the target.
    float luma[4];
    float cb[4];
    float cr[4];
};

/// Where the first sample of each component of a row is, or its first word; alpha is null if there is none.
struct cpixels_deep_row {
    const uint8_t *red;
    const uint8_t *green;
    const uint8_t *blue;
    const uint8_t *alpha;
};

/// As `cpixels_packed_to_halved`.
void cpixels_deep_to_halved(
    const struct cpixels_deep *format, enum cpixels_location location, const struct cpixels_deep_row *first,
    const struct cpixels_deep_row *second, int32_t columns, const struct cpixels_rows *target);

/// As `cpixels_packed_to_full`.
void cpixels_deep_to_full(
    const struct cpixels_deep *format, const struct cpixels_deep_row *source, const struct cpixels_rows *target);

/// The alpha of a row in 8 bits.
void cpixels_deep_to_alpha(
    const struct cpixels_deep *format, const struct cpixels_deep_row *source, uint8_t *target, int32_t columns);

/// A row of 8-bit 4:2:2, two pixels in four bytes, to a row of each of its components. `luma` is the place of the first luma
/// sample, 0 or 1. Reads whole pairs; writes `columns` samples of luma and half as many, rounded up, of either chroma.
void cpixels_unpack_422(
    const uint8_t *source, int32_t luma, int32_t columns, uint8_t *y, uint8_t *cb, uint8_t *cr);

/// The same of `v210`, whose samples become two bytes. Reads whole groups of six pixels in 16 bytes.
void cpixels_unpack_v210(const uint8_t *source, int32_t columns, uint8_t *y, uint8_t *cb, uint8_t *cr);

/// The way back: a row of each component to one of 8-bit 4:2:2. The last luma sample of an odd row is written twice.
void cpixels_pack_422(
    const uint8_t *y, const uint8_t *cb, const uint8_t *cr, int32_t luma, int32_t columns, uint8_t *target);

/// The same of `v210`, from samples of two bytes; what remains of the last six pixels becomes 0.
void cpixels_pack_v210(const uint8_t *y, const uint8_t *cb, const uint8_t *cr, int32_t columns, uint8_t *target);

/// How the samples of a plane are divided by alpha.
struct cpixels_unpremultiplying {
    /// Bytes of a sample, 1 or 2, the low one first.
    int32_t bytes;
    /// The value of a sample without color.
    int32_t zero;
    /// The range of the results.
    int32_t low;
    int32_t high;
    /// The sum of alpha that is opaque.
    double whole;
};

/// The alpha of two rows, summed up for each sample of a row of chroma, or of luma where all columns are kept.
///
/// `bytes`: of a sample of alpha, 1 or 2. `columns`: of alpha. `halving`: how columns share chroma; half of them have four times the
/// weight.
void cpixels_alpha_sums(
    const uint8_t *first, const uint8_t *second, int32_t bytes, int32_t columns, enum cpixels_columns halving,
    uint32_t *target);

/// Divides how far samples are from `zero` by their alpha, in place; without any alpha they become `zero`.
void cpixels_unpremultiply(
    const struct cpixels_unpremultiplying *how, const uint32_t *alpha, uint8_t *samples, int32_t columns);

/// All bits that are 1 in at least one of `count` samples of two bytes.
uint16_t cpixels_used_bits(const uint8_t *samples, size_t count);

/// The layout of the samples of a compared plane.
struct cpixels_samples {
    /// Bytes of a sample, 1 or 2, the low one first.
    int32_t bytes;
    /// The distance from one sample of the plane to the next: 1, or more if others are interleaved.
    int32_t step;
    /// How far the bits of a two-byte sample are to be shifted down.
    int32_t shift;
    /// The largest value; what is larger counts as that.
    int32_t most;
};

/// The sum of the squared differences of two rows.
uint64_t cpixels_squared_error(
    const struct cpixels_samples *how, const uint8_t *first, const uint8_t *second, int32_t columns);

/// The sum of the structural similarities (SSIM) of all windows of two planes: 8 by 8 samples, four apart in both
/// directions, so that there are `columns / 4 - 1` by `rows / 4 - 1` of them. Strides are in bytes.
double cpixels_similarity(
    const struct cpixels_samples *how, const uint8_t *first, ptrdiff_t first_stride, const uint8_t *second,
    ptrdiff_t second_stride, int32_t columns, int32_t rows);

// Pictures

/// Undoes the filter of a row of a PNG (ISO/IEC 15948 9.2), in place. Seven bytes after the row and after the one above may be read.
///
/// `size`: bytes of a pixel, 1, 2, 3, 4, 6 or 8. `filter`: its type, of which those over 4 do nothing. `above`: the row before,
/// or zeros.
void cpixels_unfilter(uint8_t *row, const uint8_t *above, int32_t pixels, int32_t size, int32_t filter);

/// Turns 16-bit samples whose high byte comes first into those whose low byte does.
void cpixels_swap_bytes(const uint8_t *source, int32_t samples, uint8_t *target);

#endif
