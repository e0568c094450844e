internal import CPosix
internal import Containers
internal import Ingest
package import Jobs
internal import Media
internal import Places
internal import SystemPackage
internal import VideoTypes

extension EncodeJob {
    /// Throws if something of the input's file is to be kept, or compared, and the input or the output is not a file.
    package func checkKeeping() throws(JobError) {
        if output.keepsModificationTime {
            try checkIsFileOfOutput(.keepsModificationTime)
            try checkHasModificationTime()
        }
        if output.keepsOnlySmaller { try checkIsFileOfOutput(.keepsOnlySmaller) }
    }

    /// Throws if something of the input's file is to be kept, or compared, and it is not there: a join does not read it otherwise.
    package func checkKeepingFile() throws(JobError) {
        guard output.keepsModificationTime || output.keepsOnlySmaller else { return }
        guard InputStamp(input.origin) == nil else { return }
        throw .input(.cannotOpen(name: input.origin.name, .noSuchFileOrDirectory))
    }

    private func checkIsFileOfOutput(_ setting: Setting) throws(JobError) {
        if case .path(let path) = output.destination, ByteSink.isFileOrNothing(path) { return }
        throw .usage("\(setting) needs a file as output, and \(output.destination.name) is not one")
    }

    /// A sequence of pictures has as many times as files.
    private func checkHasModificationTime() throws(JobError) {
        let setting = Setting.keepsModificationTime
        guard case .path(let path) = input.origin else {
            throw .usage("\(setting) needs a file as input; \(input.origin.name) has no modification time")
        }
        guard PictureSequence.folder(of: path) == nil else {
            throw .usage("\(setting) needs one file as input; \(path.shown) is a sequence of pictures")
        }
        // What is not there is reported when it is opened.
        guard unsafe path.withPlatformString({ unsafe cposix_exists($0) }), FileEntry(at: path)?.isRegular != true
        else {
            return
        }
        throw .usage("\(setting) needs a file as input, and \(path.shown) is not a regular file")
    }
}
