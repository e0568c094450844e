internal import VideoTypes

/// One test, as it is passed to its process: by name, so that only text passes between the two.
package enum ProbeTask: Hashable, Codable, Sendable {
    /// A case of the table, by its description.
    case tableCase(String)
    /// A requirement, as it was given.
    case requirement(String)

    /// Frames of a requirement: its picture may be large, and its layers are those of the table.
    private static let requirementFrames = 3

    /// The tries that may share a process: those of one encoder. A requirement has one of its own.
    package var group: String {
        switch self {
        case .tableCase(let name): String(name.split(separator: "/").dropFirst().first ?? "")
        case .requirement(let text): text
        }
    }

    /// Carries it out.
    @available(*, noasync, message: "blocks the calling thread")
    package func run() -> ProbeOutcome {
        switch self {
        case .tableCase(let name):
            guard let probe = ProbeCase.matrix().first(where: { $0.description == name }) else {
                return .invalid("unknown case \(name)")
            }
            return CapabilityProbe().run(probe)
        case .requirement(let text):
            do throws(EncoderConfigError) {
                return CapabilityProbe().run(try ProbeRequirement(text).config, frames: Self.requirementFrames)
            } catch {
                return .invalid("\(error)")
            }
        }
    }
}
