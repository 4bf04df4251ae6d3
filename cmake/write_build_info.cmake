# Script: writes OUTPUT from TEMPLATE with COMMIT, VERSION and COMPILER filled in.
# COMMIT is "unknown" where SOURCE_DIR is no working copy (an unpacked archive) or git is absent,
# and ends in "-dirty" where a tracked file differs from the commit.

# git(result_variable argument...): the trimmed output, or NOTFOUND when git fails.
function(git result)
  execute_process(
    # The owner of the files may be somebody else, as in `sudo make test`; git refuses that
    # unless it is told that this folder is meant. Without the optional locks a build never
    # competes with the user's own git commands.
    COMMAND "${GIT}" --no-optional-locks -c "safe.directory=${SOURCE_DIR}" ${ARGN}
    WORKING_DIRECTORY "${SOURCE_DIR}"
    OUTPUT_VARIABLE output ERROR_QUIET RESULT_VARIABLE status OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(status EQUAL 0)
    set(${result} "${output}" PARENT_SCOPE)
  else()
    set(${result} NOTFOUND PARENT_SCOPE)
  endif()
endfunction()

set(COMMIT unknown)
# Asking for .git here keeps git from finding the repository of an enclosing folder.
if(GIT AND EXISTS "${SOURCE_DIR}/.git")
  git(commit rev-parse --short=12 HEAD)
  git(changes status --porcelain --untracked-files=no)
  if(commit)
    set(COMMIT "${commit}")
    if(NOT changes STREQUAL "")
      string(APPEND COMMIT "-dirty")
    endif()
  endif()
endif()

configure_file("${TEMPLATE}" "${OUTPUT}" @ONLY)  # leaves an identical file alone
