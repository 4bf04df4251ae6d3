#include <exception>
#include <new>

#include "cli/app.hpp"
#include "cli/internal_error.hpp"

int main(int argc, char** argv) {
  nexa::cli::install_assert_handler();
  try {
    return nexa::cli::run_app(argc, argv);
  } catch (const std::bad_alloc&) {
    return nexa::cli::report_internal_error("out of memory");
  } catch (const std::exception& error) {
    return nexa::cli::report_internal_error(error.what());
  } catch (...) {
    return nexa::cli::report_internal_error("unknown exception");
  }
}
