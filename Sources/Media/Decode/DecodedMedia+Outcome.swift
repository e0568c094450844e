internal import Jobs

extension DecodedMedia {
    /// The results so far: what was decoded, and the reason why nothing more will be.
    struct Outcome {
        var failure: JobError?
        var loss: JobError?
        var shown = 0
        var bytes = 0
        var delivered = 0
        var skipped = 0
        /// Times of pictures that an edit list skips, and that are still to come.
        var leftOut: Set<Int64> = []
        /// Bytes of the chunks whose pictures are still to come, by their times.
        var sizes: [Int64: Int] = [:]
        /// Times of pictures that are dropped unless they are shown after the first complete one.
        var unrecovered: Set<Int64> = []
        var isInterrupted = false
        /// The first picture of two fields, and their number.
        var interlaced: (first: Int, count: Int)?
        /// Where pictures seem to be missing, by their numbers and by their times.
        var numberGap: String?
        var gaps = FrameGaps()

        mutating func countInterlaced() {
            interlaced = (interlaced?.first ?? delivered - 1, (interlaced?.count ?? 0) + 1)
        }

        /// Pictures are whole from this time on.
        mutating func recover(at time: Int64) {
            let whole = unrecovered.filter { $0 > time }
            leftOut.subtract(whole)
            shown += whole.count
            unrecovered = []
        }

        /// Takes a decoded picture: the bytes of its chunk, or `nil` if it is not used.
        mutating func take(_ timestamp: Int64) -> Int? {
            let bytes = sizes.removeValue(forKey: timestamp) ?? 0
            guard leftOut.remove(timestamp) == nil else { return nil }
            delivered += 1
            gaps.add(timestamp)
            return bytes
        }
    }
}
