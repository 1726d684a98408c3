// Takes out of the address bar what a login leaves there: the code and the state of one that was
// refused, and the "#_" that Instagram appends to every way back. Without it the pages are the same.
{
  const { address } = document.currentScript.dataset
  if (address) history.replaceState(null, "", address)
  else if (location.hash === "#_") history.replaceState(null, "", location.pathname + location.search)
}
