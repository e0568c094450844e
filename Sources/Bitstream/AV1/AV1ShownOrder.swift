/// Notices where frames are missing among those that are shown, by their `order_hint`.
///
/// Encoders count shown frames by one, or by more where upper layers were taken out. Other encoders may skip numbers, so a
/// longer step is a reason for a warning, not a proof.
struct AV1ShownOrder: Sendable {
    private var last: Int?
    /// The shortest step so far.
    private var step: Int?

    /// Takes the next frame that is shown.
    ///
    /// - Returns: Whether frames seem to be missing before it.
    mutating func take(_ header: AV1FrameHeader, bits: Int) -> Bool {
        guard let hint = header.orderHint, !header.isShownKey else {
            (last, step) = (header.orderHint, nil)
            return false
        }
        defer { last = hint }
        guard let last else { return false }
        let modulus = 1 << bits
        let difference = (hint - last + modulus) % modulus
        guard difference > 0, difference < modulus / 2 else { return false }
        defer { step = min(step ?? difference, difference) }
        return step.map { difference > $0 } ?? false
    }
}
