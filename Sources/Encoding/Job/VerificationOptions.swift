/// Checks of an output before it is renamed into place, by decoding it.
///
/// Count, order and times of the pictures are always checked. So are the pictures, at any quality: against the source if it is
/// a file, which is read again; else against the means of their blocks, which are kept while encoding (256 bytes a frame). A
/// picture that differs more than lossy coding can explain is a failure.
public struct VerificationOptions: Hashable, Sendable {
    /// The minimum PSNR of all samples of all frames, in decibels; needs a source that is a file. `nil`, the default, means no
    /// minimum.
    public var leastPSNR: Double?

    /// Options with every default.
    public init(leastPSNR: Double? = nil) { self.leastPSNR = leastPSNR }

    /// The same, with no sample that may differ.
    var exact: VerificationOptions { VerificationOptions(leastPSNR: .infinity) }
}
