package import VideoTypes

/// Adds up how far decoded pictures are from their sources.
package struct VerificationPSNR {
    private var total: PlanePSNR?
    private var worst = (frame: 0, decibels: Double.infinity)

    /// Of no frame yet.
    package init() {}

    /// Takes a frame; throws if it is not a picture of the kind that went in.
    package mutating func add(
        _ decoded: borrowing VideoFrame,
        _ source: borrowing VideoFrame,
        frame: Int
    ) throws(VerificationFailure) {
        guard let psnr = PlanePSNR(decoded, source) else {
            throw .layout(frame: frame, actual: Self.name(decoded), expected: Self.name(source))
        }
        if psnr.decibels < worst.decibels { worst = (frame, psnr.decibels) }
        if total == nil { total = psnr } else { total?.add(psnr) }
    }

    private static func name(_ frame: borrowing VideoFrame) -> String { "\(frame.size) \(frame.format.rawValue)" }

    /// Throws if the pictures are not as near as they have to be.
    ///
    /// - Parameter least: Decibels that are needed; `nil` takes any.
    package func check(atLeast least: Double?) throws(JobError) {
        guard let least, let total, total.decibels < least else { return }
        throw .verification(.quality(psnr: total.decibels, least: least, worstFrame: worst.frame))
    }

    /// The values for the receipt.
    package var result: Verification.PSNR? {
        total.map { total in
            Verification.PSNR(
                average: Self.finite(total.decibels),
                planes: total.decibelsByPlane.map(Self.finite),
                lowest: Self.finite(worst.decibels),
                lowestFrame: worst.frame
            )
        }
    }

    /// JSON has no infinity.
    private static func finite(_ decibels: Double) -> Double? {
        decibels.isFinite ? (decibels * 1000).rounded() / 1000 : nil
    }
}
