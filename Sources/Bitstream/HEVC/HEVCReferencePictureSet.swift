/// `st_ref_pic_set()`: which pictures close by a picture may refer to (H.265 7.3.7, 7.4.8).
struct HEVCReferencePictureSet: Hashable, Sendable {
    /// A picture by its distance in output order, and whether the current picture itself refers to it.
    struct Entry: Hashable, Sendable {
        var delta: Int
        var isUsed: Bool
    }

    /// `S0`: earlier pictures, the nearest first.
    private(set) var negative: [Entry] = []
    /// `S1`: later pictures, the nearest first.
    private(set) var positive: [Entry] = []

    /// No pictures.
    init() {}

    /// `NumDeltaPocs`.
    var count: Int { negative.count + positive.count }
    /// Pictures that the current one refers to.
    var usedCount: Int { (negative + positive).count { $0.isUsed } }

    /// All pictures of the set.
    var all: [Entry] { negative + positive }

    /// Reads a set.
    ///
    /// - Parameters:
    ///   - reader: Where it is.
    ///   - previous: The sets of the sequence before this one: all of them in a slice's header.
    ///   - isInSlice: The set is in a slice's header.
    init(
        reading reader: inout BitReader,
        previous: [HEVCReferencePictureSet],
        isInSlice: Bool
    ) throws(BitstreamError) {
        if !previous.isEmpty, try reader.flag("inter_ref_pic_set_prediction_flag") {
            try predict(&reader, previous, isInSlice: isInSlice)
        } else {
            let counts = (
                try reader.ue("num_negative_pics", in: 0...16), try reader.ue("num_positive_pics", in: 0...16)
            )
            negative = try Self.entries(&reader, count: counts.0, sign: -1)
            positive = try Self.entries(&reader, count: counts.1, sign: 1)
        }
        guard count <= 16 else { throw .outOfRange("NumDeltaPocs", count, in: 0...16, at: reader.bitOffset) }
    }

    private static func entries(
        _ reader: inout BitReader,
        count: Int,
        sign: Int
    ) throws(BitstreamError) -> [Entry] {
        var (entries, delta): ([Entry], Int) = ([], 0)
        for _ in 0..<count {
            delta += sign * (try reader.ue("delta_poc_minus1", in: 0...32767) + 1)
            entries.append(Entry(delta: delta, isUsed: try reader.flag("used_by_curr_pic_flag")))
        }
        return entries
    }

    /// Equations 7-61 and 7-62: the entries of another set, moved by a distance.
    private mutating func predict(
        _ reader: inout BitReader,
        _ previous: [HEVCReferencePictureSet],
        isInSlice: Bool
    ) throws(BitstreamError) {
        let back = isInSlice ? try reader.ue("delta_idx_minus1", in: 0...previous.count - 1) + 1 : 1
        let source = previous[previous.count - back]
        let isNegative = try reader.flag("delta_rps_sign")
        let distance = (try reader.ue("abs_delta_rps_minus1", in: 0...32767) + 1) * (isNegative ? -1 : 1)
        var moved: [Entry] = []
        // The last one, with delta 0, is the picture that the source belongs to.
        for entry in source.negative + source.positive + [Entry(delta: 0, isUsed: true)] {
            let isUsed = try reader.flag("used_by_curr_pic_flag")
            let isTaken = isUsed ? true : try reader.flag("use_delta_flag")
            if isTaken { moved.append(Entry(delta: entry.delta + distance, isUsed: isUsed)) }
        }
        negative = moved.filter { $0.delta < 0 }.sorted { $0.delta > $1.delta }
        positive = moved.filter { $0.delta > 0 }.sorted { $0.delta < $1.delta }
    }
}
