internal import CPosix
internal import Places
internal import Sluice
internal import SystemPackage

/// A batch's claim to an output: a hidden file in the same folder, locked for as long as the batch or the job's process lives.
///
/// It exists, locked and with its text, before the first byte of the output is written, and is removed when the job has ended.
/// A claim without a lock was left by a killed batch: the files that it names are that batch's, and may be replaced.
final class Claim: Sendable {
    /// Long enough for the processes of a killed batch to end.
    private static let patience = 50
    private static let pause = Duration.milliseconds(100)

    /// What the job's process writes to, and holds locked.
    let descriptor: FileDescriptor
    private let place: NamedPlace
    /// What a killed batch wrote about its files; `nil` if there was no such batch.
    let inherited: ClaimText?

    private static func place(of output: NamedPlace) -> NamedPlace {
        output.sibling(SideFiles.hidden(output.name, suffix: ".batch"))
    }

    /// The content of the claim of an output; `nil` without one of this user and this output.
    static func text(at output: NamedPlace) -> ClaimText? {
        place(of: output).ownContents(limit: ClaimText.limit).flatMap { ClaimText(reading: $0, of: output.name) }
    }

    /// Claims an output.
    ///
    /// - Parameters:
    ///   - output: The output's place.
    ///   - file: The same as messages call it.
    ///   - batch: The text about the batch.
    ///   - cancellation: Ends the waiting for another batch.
    /// - Throws: ``Failure`` if another batch is writing it, if the folder is not writable, or if the claim's name belongs to a
    ///   foreign file.
    init(
        _ output: NamedPlace,
        _ file: BatchJob.File,
        batch: ClaimText.Batch,
        _ cancellation: Cancellation
    ) throws(Failure) {
        place = Self.place(of: output)
        for _ in 0..<Self.patience {
            if let made = try Self.make(place, batch, file) {
                (descriptor, inherited) = (made, nil)
                return
            }
            if let (found, text) = try Self.take(place, output.name, file) {
                (descriptor, inherited) = (found, text)
                return
            }
            guard !cancellation.isStopping else { break }
            cancellation.wait(atMost: Self.pause)
        }
        throw Failure(.temporary, name: "locked", message: "\(file.name) is being written by another batch")
    }

    /// Makes a complete and locked claim; `nil` if a file with the name exists.
    private static func make(
        _ place: NamedPlace,
        _ batch: ClaimText.Batch,
        _ file: BatchJob.File
    ) throws(Failure) -> FileDescriptor? {
        guard place.entry == nil else { return nil }
        do {
            let claim = try UnnamedFile(for: place, replaces: true)
            do {
                try claim.descriptor.writeAll(ClaimText.line(batch))
                let status = claim.temporary?.renameExclusively(to: place.name) ?? place.link(claim.descriptor)
                if status == 0 { return claim.descriptor }
                claim.temporary?.unlink()
                guard Errno(rawValue: status) == .fileExists else { throw Errno(rawValue: status) }
                try claim.descriptor.close()
                return nil
            } catch {
                claim.temporary?.unlink()
                try? claim.descriptor.close()
                throw error
            }
        } catch {
            throw Failure(error as? Errno ?? .ioError, "cannot write next to \(file.name)")
        }
    }

    /// Takes over a claim of a killed batch; `nil` if it is locked, or does not exist any more.
    private static func take(
        _ place: NamedPlace,
        _ output: FileName,
        _ file: BatchJob.File
    ) throws(Failure) -> (FileDescriptor, ClaimText)? {
        guard let entry = place.entry else { return nil }
        guard let (descriptor, opened) = place.openRegular(writes: true) else {
            guard place.entry?.isSame(as: entry) == true else { return nil }
            throw notOurs(place, file)
        }
        let bytes = opened.isOurs ? descriptor.contents(limit: ClaimText.limit) : nil
        guard let text = bytes.flatMap({ ClaimText(reading: $0, of: output) }) else {
            try? descriptor.close()
            // It may have been removed meanwhile.
            guard place.entry?.isSame(as: entry) == true else { return nil }
            throw notOurs(place, file)
        }
        // The previous owner may have removed it while we opened it.
        guard cposix_lock(descriptor.rawValue) == 0, place.entry?.isSame(as: opened) == true,
            (try? descriptor.seek(offset: 0, from: .end)) != nil
        else {
            try? descriptor.close()
            return nil
        }
        return (descriptor, text)
    }

    private static func notOurs(_ place: NamedPlace, _ file: BatchJob.File) -> Failure {
        Failure(
            .cannotCreate,
            name: "cannotCreateOutput",
            message: "\(place.name.spelled) next to \(file.name) is not a claim of a batch of this user (remove it)"
        )
    }

    /// Gives the claim up: the job has ended, one way or the other.
    func release() {
        guard let ours = FileEntry(of: descriptor), place.entry?.isSame(as: ours) == true else { return }
        place.unlink()
    }

    deinit { try? descriptor.close() }
}
