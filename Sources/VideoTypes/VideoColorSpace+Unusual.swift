extension VideoColorSpace {
    /// A message about primaries and transfer that players do not assume without tags; `nil` for usual ones.
    package var unusual: String? {
        let usualPrimaries: [ColorPrimaries] = [.unspecified, .bt709, .smpte170m, .bt470bg]
        guard !usualPrimaries.contains(primaries) || [.pq, .hlg].contains(transfer) else { return nil }
        return "primaries \(primaries) and transfer \(transfer)"
    }
}
