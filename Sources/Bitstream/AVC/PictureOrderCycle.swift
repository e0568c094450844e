/// Computes picture order counts of `pic_order_cnt_type` 1 (H.264 8.2.1.2), for frames.
struct PictureOrderCycle: Sendable {
    /// `prevFrameNum` and `prevFrameNumOffset`.
    private var previous = (number: 0, offset: 0)

    /// The count of the next picture. Sums wrap: in a stream whose offsets make them overflow, no order is right.
    mutating func count(of header: SliceHeader, _ cycle: PictureOrderCount.Cycle, modulus: Int) -> Int {
        if header.isIDR { previous = (0, 0) }
        let wraps = previous.number > header.frameNum
        let offset = header.isIDR ? 0 : previous.offset &+ (wraps ? modulus : 0)
        // A picture that resets the order counts as if its frame_num were 0 afterwards (7.4.3).
        previous = header.resetsOrder ? (0, 0) : (header.frameNum, offset)
        let expected = Self.expected(offset &+ header.frameNum, isReference: header.refIdc != 0, cycle)
        let deltas = header.deltaPicOrderCnt
        let top = expected &+ (deltas.first ?? 0)
        let bottom = top &+ cycle.offsetForTopToBottomField &+ (deltas.count > 1 ? deltas[1] : 0)
        return min(top, bottom)
    }

    /// `expectedPicOrderCnt`.
    private static func expected(_ number: Int, isReference: Bool, _ cycle: PictureOrderCount.Cycle) -> Int {
        let offsets = cycle.offsetsForRefFrames
        let frames = offsets.isEmpty ? 0 : number - (isReference || number == 0 ? 0 : 1)
        let own = isReference ? 0 : cycle.offsetForNonRefPic
        guard frames > 0 else { return own }
        let (cycles, place) = (frames - 1).quotientAndRemainder(dividingBy: offsets.count)
        return cycles &* offsets.reduce(0, &+) &+ offsets[...place].reduce(0, &+) &+ own
    }
}
